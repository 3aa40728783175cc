module.exports = {
  displayName: 'dev-stack integration',
  preset: '../../jest.integration.preset.js',
  ...require('./jest.esm'),
  // These specs start servers of their own.
  globalSetup: undefined,
  globalTeardown: undefined,
};
