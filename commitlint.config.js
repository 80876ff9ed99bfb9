/** Conventional Commits (conventionalcommits.org); the subject states the outcome. */
export default {
  extends: ['@commitlint/config-conventional'],
  rules: { 'body-max-line-length': [0], 'subject-case': [0] },
};
