const app = require('../../tools/webpack/app');

module.exports = app(__dirname, {
  runtimeDependencies: ['pg'],
  folders: { assets: 'src/status/assets', runbooks: '../../docs/runbooks' },
});
