import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

/** Linux counts the time of processes in hundredths of a second, on every processor that Node runs on. */
const TICK_MS = 10;

/** How many this machine lets us have. */
export const PROCESSORS = availableParallelism();

/** What is measured has a processor to itself, as far as this program can see to it. */
export const MEASURED = String(PROCESSORS - 1);

/** All others: for the load, and for the database. */
export const OTHERS = PROCESSORS <= 2 ? '0' : `0-${PROCESSORS - 2}`;

/** How long a process, with all of its threads, has had a processor. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in parentheses, and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Keeps a process that runs, with all of its threads, on some processors. */
export function pin(pid: number, processors: string): void {
  spawnSync('taskset', ['--all-tasks', '--pid', '--cpu-list', processors, String(pid)]);
}
