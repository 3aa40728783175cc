const app = require('../../tools/webpack/app');

module.exports = app(__dirname, { commands: ['agent', 'skewed-clock'] });
