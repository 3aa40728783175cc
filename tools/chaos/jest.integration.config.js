module.exports = { displayName: 'chaos', preset: '../../jest.integration.preset.js' };
