import type { Load } from './load';

/** One that is measured. */
export interface Contender {
  readonly name: string;
  readonly command: {
    /** The file that Node runs, and its arguments. */
    readonly file: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    /** The processors that it may run on; without them, one, which it has to itself. */
    readonly processors?: string;
  };
  /**
   * `ALIKE`: with the flags of Node that all get, for production. `DEFAULT_FLAGS`: without the flags. `README`: without
   * flags and without NODE_ENV, word for word as its documentation starts it; graphql-js then checks more as it executes.
   */
  readonly start: 'ALIKE' | 'DEFAULT_FLAGS' | 'README';
  readonly load: Load;
  /** What an answer says, in the words of all contenders: they are held against each other. Null: it says nothing of the kind. */
  readonly meaning: ((body: string) => unknown) | null;
}

/** What is measured against each other. */
export interface Comparison {
  readonly title: string;
  readonly connections: number;
  readonly contenders: readonly Contender[];
  /** The name of the one that can hardly be beaten; null: there is none. */
  readonly floor: string | null;
}

export function isOurs(contender: string): boolean {
  return contender.startsWith('Scopegate');
}

/** They give everybody half as much again and more, so that all get them. */
export const COMMON_FLAGS = ['--max-semi-space-size=64', '--no-allocation-site-pretenuring'];
