module.exports = {
  displayName: 'security',
  preset: '../../jest.integration.preset.js',
  // They mostly wait.
  maxWorkers: 2,
};
