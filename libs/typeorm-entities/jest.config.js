module.exports = { displayName: 'typeorm-entities', preset: '../../jest.preset.js' };
