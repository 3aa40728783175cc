module.exports = { displayName: 'job-kit', preset: '../../jest.preset.js' };
