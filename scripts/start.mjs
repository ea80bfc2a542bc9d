// The whole of `npm start`: what is missing is installed and built, then the program runs in this same process.
import { setUp } from './set-up.mjs';

setUp();
if (process.env.npm_lifecycle_event === 'start') stopWithParent();
await import('../dist/src/main.js');

/** npm passes a signal on to the shell by which it started us, which ends and passes it on to nobody. */
function stopWithParent() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}
