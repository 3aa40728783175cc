const { join } = require('node:path');
const nxPreset = require('@nx/jest/preset').default;

/** An ES module, and a package that imports when it runs: Jest does neither as it is. */
const NOT_COMMONJS = '(@marcbachmann/cel-js|@opentelemetry/otlp-exporter-base)/';

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
    [`${NOT_COMMONJS}.+\\.js$`]: join(__dirname, 'tools/jest/esm-transform.js'),
    '\\.lua$': join(__dirname, 'tools/jest/text-transform.js'),
  },
  transformIgnorePatterns: [`/node_modules/(?!${NOT_COMMONJS})`],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'lua'],
  reporters: ['default', [join(__dirname, 'tools/jest/counts-reporter.js'), { kind: 'unit' }]],
};
