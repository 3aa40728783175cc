const { join } = require('node:path');
const unitPreset = require('./jest.preset');

/** Integration tests: `*.integration.spec.ts`, against real PostgreSQL, Redis and RabbitMQ. */
module.exports = {
  ...unitPreset,
  testMatch: ['<rootDir>/**/*.integration.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/fixtures/'],
  globalSetup: join(__dirname, 'tools/jest/start-servers.js'),
  globalTeardown: join(__dirname, 'tools/jest/stop-servers.js'),
  testTimeout: 120_000,
  maxWorkers: 1,
  // A test that fails may leave connections behind, which would keep the run from ever ending.
  forceExit: true,
  reporters: [
    'default',
    [join(__dirname, 'tools/jest/counts-reporter.js'), { kind: 'integration' }],
  ],
};
