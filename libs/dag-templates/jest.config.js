module.exports = { displayName: 'dag-templates', preset: '../../jest.preset.js' };
