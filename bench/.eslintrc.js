const { resolve } = require('node:path');

// The rules of the hub's package: benchmarks run in Node and have no package of their own.
module.exports = require('@backstage/cli/config/eslint-factory')(
  resolve(__dirname, '../plugins/gns-backend'),
  {
    rules: {
      // They use what the packages that they measure declare.
      '@backstage/no-undeclared-imports': 'off',
      '@backstage/no-relative-monorepo-imports': 'off',
      'import/no-extraneous-dependencies': 'off',
    },
  },
);
