module.exports = { displayName: 'websearch-agent', preset: '../../../jest.preset.js' };
