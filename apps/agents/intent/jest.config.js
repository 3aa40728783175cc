module.exports = { displayName: 'intent-agent', preset: '../../../jest.preset.js' };
