module.exports = {
  displayName: 'dev-stack',
  preset: '../../jest.preset.js',
  ...require('./jest.esm'),
  testPathIgnorePatterns: ['/node_modules/', '\\.integration\\.spec\\.ts$', '\\.e2e\\.spec\\.ts$'],
};
