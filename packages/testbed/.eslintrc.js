module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      files: ['**/*.test.ts', 'mesh-tests/**/*.ts'],
      rules: {
        // These throw with what was awaited: they are expectations.
        'jest/expect-expect': [
          'warn',
          { assertFunctionNames: ['expect*', 'eventually', 'answersFrom'] },
        ],
      },
    },
  ],
});
