module.exports = { displayName: 'embedding-agent', preset: '../../../jest.preset.js' };
