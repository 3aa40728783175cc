module.exports = {
  displayName: 'health-monitor',
  preset: '../../jest.integration.preset.js',
  // By far the most suites, which wait more than they compute.
  maxWorkers: 2,
};
