module.exports = { displayName: 'executor-agent', preset: '../../../jest.preset.js' };
