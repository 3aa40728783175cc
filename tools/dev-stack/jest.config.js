module.exports = {
  displayName: 'dev-stack',
  preset: '../../jest.preset.js',
  ...require('./jest.esm'),
};
