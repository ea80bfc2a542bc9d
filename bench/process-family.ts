import { readFile } from 'node:fs/promises';
import { processorMs } from './processors';

/** How long a process and those that it started have had a processor. */
export async function familyProcessorMs(pid: number): Promise<number> {
  return sum(await Promise.all((await familyOf(pid)).map(processorMs)));
}

/** How much of the memory of the machine they hold, in MB. */
export async function familyMemoryMb(pid: number): Promise<number> {
  return sum(await Promise.all((await familyOf(pid)).map(residentMb)));
}

async function familyOf(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter(Boolean);
  const families = await Promise.all(children.map((child) => familyOf(Number(child))));
  return [pid, ...families.flat()];
}

async function residentMb(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
