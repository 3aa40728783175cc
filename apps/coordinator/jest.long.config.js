const { join } = require('node:path');

/** The fault tests and the simulation again, in many rounds: project.json says how many. */
module.exports = {
  ...require('./jest.integration.config'),
  displayName: 'coordinator long',
  testMatch: [
    '<rootDir>/test/crash-points.integration.spec.ts',
    '<rootDir>/test/server-faults.integration.spec.ts',
    '<rootDir>/simulation/simulation.spec.ts',
  ],
  maxWorkers: 1,
  testTimeout: 300_000,
  reporters: [
    'default',
    [join(__dirname, '../../tools/jest/counts-reporter.js'), { kind: 'long' }],
  ],
};
