module.exports = {
  displayName: 'workspace-checks',
  preset: '../../jest.preset.js',
  testPathIgnorePatterns: ['/node_modules/', '\\.e2e\\.spec\\.ts$'],
};
