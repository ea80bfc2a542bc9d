import cluster, { type Worker } from 'node:cluster';

/** Runs a program several times, behind the one port that it listens on: `<file> <how many times>`. */
const [file, count] = process.argv.slice(2);
const workers: Worker[] = [];
let stopping = false;

cluster.setupPrimary({ exec: file ?? '', args: [] });
cluster.on('exit', (_worker, code) => {
  if (!stopping) stop();
  if (code !== 0) process.exitCode = 1;
});
process.once('SIGTERM', stop);
for (let index = 0; index < Number(count); index++) workers.push(cluster.fork());

/** Nobody measures with fewer than were wanted: when one ends, all do. */
function stop(): void {
  stopping = true;
  for (const worker of workers) worker.process.kill('SIGTERM');
}
