module.exports = {
  displayName: 'typeorm-entities',
  preset: '../../jest.integration.preset.js',
};
