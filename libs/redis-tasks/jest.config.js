module.exports = { displayName: 'redis-tasks', preset: '../../jest.preset.js' };
