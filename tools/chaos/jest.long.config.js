const { join } = require('node:path');

/** Faults for much longer, under another seed each time: project.json says for how many minutes. */
module.exports = {
  ...require('./jest.integration.config'),
  displayName: 'chaos long',
  testMatch: ['<rootDir>/test/run.integration.spec.ts'],
  reporters: [
    'default',
    [join(__dirname, '../../tools/jest/counts-reporter.js'), { kind: 'long' }],
  ],
};
