module.exports = { displayName: 'moderator-agent', preset: '../../../jest.preset.js' };
