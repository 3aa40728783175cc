const { join } = require('node:path');
const nxPreset = require('@nx/jest/preset').default;

/** Unit tests: `*.spec.ts` beside the code, no server needed. */
module.exports = {
  ...nxPreset,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.integration\\.spec\\.ts$', '/fixtures/'],
  transform: {
    '^.+\\.ts$': [
      'ts-jest',
      { tsconfig: join(__dirname, 'tsconfig.base.json'), diagnostics: false },
    ],
    '\\.lua$': join(__dirname, 'tools/jest/text-transform.js'),
  },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'lua'],
  reporters: ['default', [join(__dirname, 'tools/jest/counts-reporter.js'), { kind: 'unit' }]],
};
