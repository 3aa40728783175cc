module.exports = { displayName: 'conformance', preset: '../../jest.integration.preset.js' };
