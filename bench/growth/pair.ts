import type { Contender } from '../contender';
import type { Load } from '../load';
import type { GrowthWorlds } from './growth-worlds';

/** The same question where there is less, and where there is more. */
export interface Pair {
  readonly question: string;
  readonly connections: number;
  readonly sides: (worlds: GrowthWorlds) => Promise<{ readonly less: Side; readonly more: Side }>;
}

export interface Side {
  /** Of what there is less or more, and how much. */
  readonly amount: string;
  readonly command: Contender['command'];
  readonly load: Load;
  /** What both sides say alike. */
  readonly meaning: (body: string) => unknown;
}

/** As many as `page` and `verify` have. */
export const CONNECTIONS = { page: 8, verify: 16 };

export function counted(count: number, of: string): string {
  return `${count.toLocaleString('en')} ${of}`;
}
