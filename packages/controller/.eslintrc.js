module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // These wait for something to come true, and fail when it does not.
    'jest/expect-expect': [
      'warn',
      {
        assertFunctionNames: [
          'expect',
          'eventually',
          'drift',
          'nothingHappened',
          'fc.assert',
        ],
      },
    ],
  },
});
