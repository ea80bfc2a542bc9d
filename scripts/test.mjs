// The whole of `npm test`: what is missing is installed and built, then every test runs. Arguments go on to Jest.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setUp } from './set-up.mjs';

setUp();
const jest = [fileURLToPath(import.meta.resolve('jest/bin/jest')), ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, jest, { stdio: 'inherit' });
process.exit(status ?? 1);
