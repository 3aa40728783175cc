module.exports = { displayName: 'migration-runner', preset: '../../jest.preset.js' };
