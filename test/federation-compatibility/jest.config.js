const { projects } = require('../../jest.config.js');

const [{ transform }] = projects;
const PACKAGE = '<rootDir>/suite/node_modules/@apollo/federation-subgraph-compatibility-tests';

/** Apollo's compatibility tests as they are published, but for their client: see client.js. */
module.exports = {
  rootDir: __dirname,
  roots: [`${PACKAGE}/dist/tests`, __dirname],
  testMatch: [`${PACKAGE}/dist/tests/*.test.js`],
  testPathIgnorePatterns: [],
  transform,
  moduleNameMapper: { '^\\.\\./utils/client$': '<rootDir>/client.js' },
  // They lie in node_modules, which is not looked through otherwise.
  haste: { retainAllFiles: true },
  globalSetup: './set-up.ts',
  globalTeardown: './tear-down.ts',
};
