import fc, { type AsyncCommand } from 'fast-check';
import type { Actor, KeyLifeModel } from './key-life-model';
import type { Credential, TestProgram } from './test-program';

/** The program, with the tokens of the actors of one run. */
export interface RealKeys {
  readonly program: TestProgram;
  readonly as: Readonly<Record<Actor, Credential>>;
  /** How often each command changed something, and how often it did not. */
  readonly counts: Map<string, number>;
  /** Compares everything that callers see with the model. */
  readonly compare: (model: KeyLifeModel, real: RealKeys) => Promise<void>;
}

export type Command = AsyncCommand<KeyLifeModel, RealKeys>;
type Work = (model: KeyLifeModel, real: RealKeys) => Promise<boolean>;

/** A number that picks one of however many there are when the command runs. */
export const pick = fc.nat({ max: 1000 });

/** The picked one of some; none when there are none. */
export function one<Item>(items: readonly Item[], which: number): Item | undefined {
  return items[which % items.length];
}

/** Runs the work, which tells whether it changed something, and compares all that is seen then. */
export function command(kind: string, text: string, work: Work): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      const name = `${kind} ${(await work(model, real)) ? 'done' : 'refused'}`;
      real.counts.set(name, (real.counts.get(name) ?? 0) + 1);
      await real.compare(model, real);
    },
    toString: () => `${kind}(${text})`,
  };
}
