// The load where there is no wrk: sends what a file says, and prints what came of it as a line of JSON.
import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';

const { load, run } = JSON.parse(await readFile(process.argv[2], 'utf8'));

const result = await autocannon({
  url: run.url,
  connections: run.connections,
  duration: run.seconds,
  timeout: 20,
  requests: [
    {
      setupRequest: (request) => {
        const variant = load.variants[Math.floor(Math.random() * load.variants.length)];
        const headers = { 'content-type': 'application/json', ...load.headers, ...variant.headers };
        return {
          ...request,
          method: load.method,
          path: variant.path ?? load.path,
          headers,
          body: variant.body,
        };
      },
    },
  ],
});

// Errors include what timed out. Times are whole milliseconds.
const { requests, duration, errors, non2xx, latency } = result;
const failures = errors + non2xx;
const told = { requests: requests.total, seconds: duration, failures, p50: latency.p50, p99: latency.p99 };
process.stdout.write(`${JSON.stringify(told)}\n`);
