// `npm run dev`: builds on every change, and restarts the program on every build.
import { spawn } from 'node:child_process';
import { setUp } from './set-up.mjs';

setUp();
const tsc = [
  'node_modules/typescript/bin/tsc',
  '-p',
  'tsconfig.build.json',
  '--watch',
  '--preserveWatchOutput',
];
const children = [tsc, ['--watch', '--enable-source-maps', 'dist/src/main.js']].map((args) =>
  spawn(process.execPath, args, { stdio: 'inherit' }),
);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => children.forEach((child) => child.kill(signal)));
}
