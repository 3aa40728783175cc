const { join } = require('node:path');

/** The generators as their users run them, in copies of the workspace. */
module.exports = {
  displayName: 'workspace-plugin e2e',
  preset: '../../jest.preset.js',
  testMatch: ['<rootDir>/e2e/**/*.e2e.spec.ts'],
  testTimeout: 120_000,
  maxWorkers: 1,
  reporters: ['default', [join(__dirname, '../jest/counts-reporter.js'), { kind: 'e2e' }]],
};
