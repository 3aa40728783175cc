module.exports = {
  displayName: 'workspace-plugin',
  preset: '../../jest.preset.js',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
};
