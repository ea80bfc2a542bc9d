const { join } = require('node:path');
const { projects, testTimeout } = require('../../jest.config.js');

const embedded = projects.find(({ displayName }) => displayName === 'embedded');

/** Needs the packages of examples/federation, so that it is no part of `npm test`: `npm run federation:routers`. */
module.exports = {
  testTimeout,
  projects: [
    {
      ...embedded,
      displayName: 'routers',
      rootDir: join(__dirname, '..', '..'),
      testMatch: ['<rootDir>/test/federation-routers/*.test.ts'],
    },
  ],
};
