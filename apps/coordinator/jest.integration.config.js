module.exports = {
  displayName: 'coordinator',
  preset: '../../jest.integration.preset.js',
  // By far the most suites, which wait more than they compute.
  maxWorkers: 2,
};
