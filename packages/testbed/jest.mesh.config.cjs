// Tests on real clusters: `*.mesh.ts`, apart from the unit tests, because they need root and minutes.
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/mesh-tests'],
  testMatch: ['**/*.mesh.ts'],
  testEnvironment: 'node',
  testTimeout: 180_000,
  verbose: true,
  // Clusters are shared by the tests of a file, and two files' clusters would need twice the memory.
  maxWorkers: 1,
  transform: {
    '\\.(ts|tsx|mts|js|mjs)$': [
      require.resolve('@backstage/cli/config/jestSwcTransform'),
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
      },
    ],
  },
};
