/**
 * What the specs of this project need beside the presets: the code is ES modules, so they are too.
 * The targets in project.json run Jest with --experimental-vm-modules.
 */
module.exports = {
  extensionsToTreatAsEsm: ['.ts'],
  // The rest of that library is CommonJS, which has no place among ES modules.
  moduleNameMapper: {
    '^@askflash/testing$': `${__dirname}/../../libs/testing/src/eventually.ts`,
  },
  transform: {
    '^.+\\.ts$': [
      `${__dirname}/../jest/typescript-transform.js`,
      { tsconfig: `${__dirname}/tsconfig.json`, diagnostics: false, useESM: true },
    ],
  },
};
