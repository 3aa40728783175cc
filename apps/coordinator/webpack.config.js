const app = require('../../tools/webpack/app');

module.exports = app(__dirname, {
  runtimeDependencies: ['pg', '@fastify/static'],
  commands: ['api-key', 'write-openapi'],
});
