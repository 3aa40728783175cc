module.exports = { displayName: 'queue-init', preset: '../../jest.preset.js' };
