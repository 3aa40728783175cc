module.exports = { displayName: 'agent-kit', preset: '../../jest.integration.preset.js' };
