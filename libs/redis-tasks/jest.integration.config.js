module.exports = { displayName: 'redis-tasks', preset: '../../jest.integration.preset.js' };
