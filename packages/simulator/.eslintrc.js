module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      // The contract's cases are shared by several test files.
      files: ['src/apiserver/contract/**'],
      rules: { 'jest/no-export': 'off' },
    },
  ],
});
