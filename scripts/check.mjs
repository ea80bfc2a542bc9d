// `npm run check`: every check but the tests, each with its time. One that fails does not keep the others from running.
import { spawnSync } from 'node:child_process';

const CHECKS = [
  ['typecheck', 'Types'],
  ['lint', 'Lint: sources and schema'],
  ['format', 'Format'],
  ['deps', 'Which part knows which'],
  ['dead-code', 'Dead code and packages'],
  ['schema:check', 'The schema is the one that is written down'],
  ['schema:lint', 'The schema as its linter has it'],
  ['schema:breaking', 'What would break clients of the last release is written down'],
  ['migrations:check', 'The migrations bring about what the entities describe'],
];

const failed = CHECKS.filter(([script, title]) => !passes(script, title)).map(([script]) => script);
if (failed.length > 0) {
  process.stdout.write(`\nFailed: ${failed.map((script) => `npm run ${script}`).join(', ')}\n`);
  process.exit(1);
}

function passes(script, title) {
  process.stdout.write(`\n== ${title} (npm run ${script})\n`);
  const start = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', script], { stdio: 'inherit' });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`== ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
  return status === 0;
}
