module.exports = { displayName: 'language-model', preset: '../../jest.preset.js' };
