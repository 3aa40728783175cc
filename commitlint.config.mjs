/** What a commit message looks like: https://www.conventionalcommits.org. */
export default {
  extends: ['@commitlint/config-conventional'],
  rules: {
    'header-max-length': [2, 'always', 120],
    // Subjects begin with names such as Nx and OpenAPI.
    'subject-case': [0],
    // Bodies are prose, which whoever shows them wraps.
    'body-max-line-length': [0],
  },
};
