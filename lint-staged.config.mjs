/** What a commit's files go through before they are committed. */
export default {
  '*.{ts,js,mjs}': ['eslint --fix --no-warn-ignored', 'prettier --write'],
  '*.{json,md,yml,yaml}': 'prettier --write --ignore-unknown',
};
