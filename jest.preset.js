const { join } = require('node:path');
const nxPreset = require('@nx/jest/preset').default;
const { paths } = require('./tsconfig.base.json').compilerOptions;

/** An ES module, and a package that imports when it runs: Jest does neither as it is. */
const NOT_COMMONJS = '(@marcbachmann/cel-js|@opentelemetry/otlp-exporter-base)/';

/** Unit tests: `*.spec.ts` beside the code, no server needed. */
module.exports = {
  ...nxPreset,
  // One cache for all projects, and what is a lib is not found out anew for each import.
  id: 'backbone',
  resolver: undefined,
  moduleNameMapper: Object.fromEntries(
    Object.entries(paths).map(([name, [path]]) => [`^${name}$`, join(__dirname, path)]),
  ),
  testEnvironment: 'node',
  globalSetup: join(__dirname, 'tools/jest/make-temporary-folder.js'),
  // A busy machine is slow, not wrong.
  testTimeout: 30_000,
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.integration\\.spec\\.ts$', '/fixtures/'],
  transform: {
    '^.+\\.ts$': [
      join(__dirname, 'tools/jest/typescript-transform.js'),
      { tsconfig: join(__dirname, 'tsconfig.base.json'), diagnostics: false },
    ],
    [`${NOT_COMMONJS}.+\\.js$`]: join(__dirname, 'tools/jest/esm-transform.js'),
    '\\.lua$': join(__dirname, 'tools/jest/text-transform.js'),
  },
  transformIgnorePatterns: [`/node_modules/(?!${NOT_COMMONJS})`],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'lua'],
  reporters: ['default', [join(__dirname, 'tools/jest/counts-reporter.js'), { kind: 'unit' }]],
};
