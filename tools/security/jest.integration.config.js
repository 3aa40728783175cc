module.exports = { displayName: 'security', preset: '../../jest.integration.preset.js' };
