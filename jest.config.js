const { availableParallelism } = require('node:os');

const transform = {
  '^.+\\.[tj]s$': [
    '@swc/jest',
    {
      module: { type: 'commonjs' },
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        // As in tsconfig.json: type-graphql and TypeORM read the metadata of decorators.
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
    },
  ],
};

const common = {
  transform,
  // These two packages are ES modules only, which Jest cannot require as they are.
  transformIgnorePatterns: ['/node_modules/(?!(jose|uuid)/)'],
  testEnvironment: 'node',
  setupFiles: ['reflect-metadata'],
};

const withDatabase = {
  ...common,
  setupFiles: [...common.setupFiles, '<rootDir>/test/support/strict-leaves.ts'],
  testMatch: ['<rootDir>/test/operations/**/*.test.ts', '<rootDir>/test/migrations/**/*.test.ts'],
};

/**
 * The tests without a database, then those with one: on the embedded database, and again on a MySQL-protocol server; and
 * those in a browser.
 */
module.exports = {
  testTimeout: 30_000,
  // Jest leaves a processor to others, which of two is half.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  projects: [
    {
      ...common,
      displayName: 'pure',
      testMatch: ['<rootDir>/test/scopes/**/*.test.ts', '<rootDir>/test/units/**/*.test.ts'],
    },
    {
      ...withDatabase,
      displayName: 'embedded',
      globals: { TEST_DATABASE: 'embedded' },
      globalSetup: '<rootDir>/test/support/install-programs.ts',
    },
    {
      ...common,
      displayName: 'browser',
      testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
      globals: { TEST_DATABASE: 'embedded' },
      globalSetup: '<rootDir>/test/support/install-programs.ts',
    },
    {
      ...common,
      displayName: 'clients',
      testMatch: ['<rootDir>/clients/*/test/**/*.test.ts', '<rootDir>/test/clients/**/*.test.ts'],
      globals: { TEST_DATABASE: 'embedded' },
    },
    {
      ...withDatabase,
      displayName: 'server',
      testMatch: [...withDatabase.testMatch, '<rootDir>/test/replicas/**/*.test.ts'],
      globals: { TEST_DATABASE: 'server' },
      globalSetup: '<rootDir>/test/support/start-server.ts',
      globalTeardown: '<rootDir>/test/support/stop-server.ts',
    },
  ],
};
