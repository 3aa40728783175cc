module.exports = { displayName: 'queue-init', preset: '../../jest.integration.preset.js' };
