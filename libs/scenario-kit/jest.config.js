module.exports = { displayName: 'scenario-kit', preset: '../../jest.preset.js' };
