const { join } = require('node:path');

/** Tests of the whole stack, from `npm start` to `npm stop`; they start it themselves. */
module.exports = {
  displayName: 'dev-stack e2e',
  preset: '../../jest.preset.js',
  ...require('./jest.esm'),
  testMatch: ['<rootDir>/e2e/**/*.e2e.spec.ts'],
  testTimeout: 120_000,
  maxWorkers: 1,
  reporters: ['default', [join(__dirname, '../jest/counts-reporter.js'), { kind: 'e2e' }]],
};
