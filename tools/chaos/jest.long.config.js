const { join } = require('node:path');

/** Half an hour of faults, each night under another seed. */
module.exports = {
  ...require('./jest.integration.config'),
  displayName: 'chaos long',
  testMatch: ['<rootDir>/test/long-run.long.spec.ts'],
  testTimeout: 60 * 60_000,
  reporters: [
    'default',
    [join(__dirname, '../../tools/jest/counts-reporter.js'), { kind: 'long' }],
  ],
};
