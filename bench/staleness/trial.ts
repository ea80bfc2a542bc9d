import { setTimeout as sleep } from 'node:timers/promises';
import { verifyAt } from '../../test/support/replicas';
import type { StartedProgram } from '../../test/support/started-program';
import type { Prepared } from './kinds-of-change';

export interface TrialOptions {
  /** The replicas that are asked all the time; the change is made at another. */
  readonly asked: readonly StartedProgram[];
  readonly credential: Readonly<Record<string, string>>;
  /** How many questions a second go to all of them together. */
  readonly perSecond: number;
  /** How long they go on being asked after the change. */
  readonly afterwardsMs: number;
}

/** What was seen of one change. Times are in milliseconds. */
export interface TrialResult {
  readonly questions: number;
  /**
   * How long after the change was acknowledged the last old answer arrived; null when none did. What was acknowledged had
   * been committed before, so that staleness as of the commit is greater by the time that an answer takes.
   */
  readonly staleMs: number | null;
  /** The same for questions which were asked after the change was acknowledged. */
  readonly staleWhenAskedMs: number | null;
  /** How long the change itself took, from its request to its acknowledgement. */
  readonly changeMs: number;
  /** Answers that were neither old nor new, such as errors. */
  readonly others: Readonly<Record<string, number>>;
}

interface Answered {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly code: string;
}

/** What keys are told to be after the changes of these trials. */
const NEW_CODES = new Set(['REVOKED', 'DISABLED', 'NOT_FOUND', 'OUT_OF_SCOPE']);

/** Asks about a key all the time, and makes the change in the midst of it. */
export async function runTrial(prepared: Prepared, options: TrialOptions): Promise<TrialResult> {
  const { asked, perSecond, afterwardsMs } = options;
  const { secretKey, environmentId, change } = prepared;
  const question = { secretKey, resource: { level: 'ENVIRONMENT', id: environmentId } };
  const pauseMs = (1000 * asked.length) / perSecond;
  const answers: Answered[] = [];
  let over = false;
  const askOn = async (program: StartedProgram) => {
    // Each begins at its own time, so that together they look often.
    await sleep(Math.random() * pauseMs);
    while (!over) {
      const askedAt = performance.now();
      const { code } = await verifyAt(program, options.credential, question);
      answers.push({ askedAt, answeredAt: performance.now(), code });
      await sleep(Math.max(0, askedAt + pauseMs - performance.now()));
    }
  };
  const asking = asked.map(askOn);
  await sleep(pauseMs * (2 + 3 * Math.random()));
  const changedAt = performance.now();
  await change();
  const acknowledgedAt = performance.now();
  await sleep(afterwardsMs);
  over = true;
  await Promise.all(asking);
  return { ...judge(answers, acknowledgedAt), changeMs: acknowledgedAt - changedAt };
}

function judge(answers: readonly Answered[], acknowledgedAt: number): Omit<TrialResult, 'changeMs'> {
  const old = answers.filter(({ code }) => code === 'VALID');
  const late = old.filter(({ answeredAt }) => answeredAt > acknowledgedAt);
  const others: Record<string, number> = {};
  for (const { code } of answers) {
    if (code !== 'VALID' && !NEW_CODES.has(code)) others[code] = (others[code] ?? 0) + 1;
  }
  return {
    questions: answers.length,
    staleMs: longest(late, acknowledgedAt),
    staleWhenAskedMs: longest(
      late.filter(({ askedAt }) => askedAt > acknowledgedAt),
      acknowledgedAt,
    ),
    others,
  };
}

function longest(answers: readonly Answered[], since: number): number | null {
  return answers.length === 0 ? null : Math.max(...answers.map(({ answeredAt }) => answeredAt - since));
}
