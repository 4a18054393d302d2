module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  overrides: [
    {
      files: ['**/*.test.ts', '**/*.test.tsx'],
      rules: {
        // A property that does not hold throws.
        'jest/expect-expect': [
          'warn',
          { assertFunctionNames: ['expect', 'fc.assert'] },
        ],
      },
    },
  ],
});
