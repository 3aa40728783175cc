const { join } = require('node:path');

/** Tests that run Nx on a copy of the workspace. */
module.exports = {
  displayName: 'workspace-checks e2e',
  preset: '../../jest.preset.js',
  testMatch: ['<rootDir>/test/**/*.e2e.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
  reporters: ['default', [join(__dirname, '../jest/counts-reporter.js'), { kind: 'e2e' }]],
};
