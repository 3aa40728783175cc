module.exports = { displayName: 'coordinator', preset: '../../jest.integration.preset.js' };
