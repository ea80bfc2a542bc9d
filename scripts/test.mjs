// The whole of `npm test`: what is missing is installed and built, then every test runs. Arguments go on to Jest.
import { spawnSync } from 'node:child_process';
import { setUp } from './set-up.mjs';

setUp();
const jest = ['node_modules/jest/bin/jest.js', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, jest, { stdio: 'inherit' });
process.exit(status ?? 1);
