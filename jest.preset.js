const { join } = require('node:path');
const nxPreset = require('@nx/jest/preset').default;

/** Unit tests: `*.spec.ts` beside the code, no server needed. */
module.exports = {
  ...nxPreset,
  testEnvironment: 'node',
  // A busy machine is slow, not wrong.
  testTimeout: 30_000,
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.integration\\.spec\\.ts$', '/fixtures/'],
  transform: {
    '^.+\\.ts$': [
      'ts-jest',
      { tsconfig: join(__dirname, 'tsconfig.base.json'), diagnostics: false },
    ],
    // An ES module, which Jest cannot `require` as Node does.
    '/@marcbachmann/cel-js/.+\\.js$': [
      'ts-jest',
      {
        tsconfig: { allowJs: true, module: 'commonjs', target: 'es2023', isolatedModules: true },
        diagnostics: false,
      },
    ],
    '\\.lua$': join(__dirname, 'tools/jest/text-transform.js'),
  },
  transformIgnorePatterns: ['/node_modules/(?!@marcbachmann/cel-js/)'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'lua'],
  reporters: ['default', [join(__dirname, 'tools/jest/counts-reporter.js'), { kind: 'unit' }]],
};
