module.exports = { displayName: 'verify', preset: '../../jest.integration.preset.js' };
