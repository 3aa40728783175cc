module.exports = { displayName: 'executor-agent', preset: '../../../jest.integration.preset.js' };
