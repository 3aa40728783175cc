module.exports = { displayName: 'messaging', preset: '../../jest.integration.preset.js' };
