module.exports = { displayName: 'health-monitor', preset: '../../jest.integration.preset.js' };
