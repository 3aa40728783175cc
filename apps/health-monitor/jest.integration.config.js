module.exports = {
  displayName: 'health-monitor',
  preset: '../../jest.integration.preset.js',
  // Its suites wait for most of their time: for heartbeats, canaries and figures to come in.
  maxWorkers: 2,
};
