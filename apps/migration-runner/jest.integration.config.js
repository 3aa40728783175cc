module.exports = {
  displayName: 'migration-runner',
  preset: '../../jest.integration.preset.js',
};
