// The whole of `npm start`: what is missing is installed and built, then the program runs in this same process.
import { setUp } from './set-up.mjs';

setUp();
await import('../dist/src/main.js');
