import workspace from '../../eslint.config.mjs';

/** It is a test that is also a command, so it may use what tests use. */
export default [
  ...workspace,
  { files: ['**/src/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
];
