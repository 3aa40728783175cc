const { join } = require('node:path');

/** The fault tests again, in many rounds: project.json says how many. */
module.exports = {
  ...require('./jest.integration.config'),
  displayName: 'coordinator long',
  testMatch: ['crash-points', 'server-faults'].map(
    (name) => `<rootDir>/test/${name}.integration.spec.ts`,
  ),
  testTimeout: 300_000,
  reporters: [
    'default',
    [join(__dirname, '../../tools/jest/counts-reporter.js'), { kind: 'long' }],
  ],
};
