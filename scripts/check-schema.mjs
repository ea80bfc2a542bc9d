// `npm run schema:check`: emits the schema anew, and fails when git sees a difference to what is staged or committed.
import { spawnSync } from 'node:child_process';

run('npm', ['run', '--silent', 'schema'], 'inherit');
const changes = run('git', ['diff', '--', 'schema']) + run('git', ['ls-files', '--others', '--', 'schema']);
if (changes !== '') {
  process.stderr.write(
    `${changes}\nThe schema is not the one that is written down: read the difference above, and if clients are to see ` +
      'it, add schema/ to the commit that brings it about.\n',
  );
  process.exit(1);
}

function run(command, args, stdout = 'pipe') {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', stdout, 'inherit'] });
  if (result.status !== 0) process.exit(result.status ?? 1);
  return result.stdout;
}
