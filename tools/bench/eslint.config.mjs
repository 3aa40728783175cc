import workspace from '../../eslint.config.mjs';

export default [
  ...workspace,
  // The bench ships with nothing, and takes its corners of the servers as specs do.
  { files: ['**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
];
