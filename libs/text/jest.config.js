module.exports = { displayName: 'text', preset: '../../jest.preset.js' };
