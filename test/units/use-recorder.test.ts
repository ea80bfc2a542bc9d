import { describe, expect, test } from '@jest/globals';
import type { Transaction } from '../../src/database/transaction';
import { Scope } from '../../src/scopes';
import { OutcomeUnknown, serviceUnavailable } from '../../src/shared/errors';
import { createLogger } from '../../src/shared/logger';
import type { Decision } from '../../src/verification/decide';
import type { KeyFacts } from '../../src/verification/facts';
import { UseRecorder } from '../../src/verification/usage/use-recorder';

const NOW = Date.UTC(2026, 5, 15, 12);
const VALID: Decision = { code: 'VALID', grantedBy: null, missingGrant: null };

const key = (id: string): KeyFacts => ({
  id,
  organizationId: 'acme',
  name: '',
  metadata: null,
  selector: '',
  digest: '',
  pepperVersion: 1,
  source: 'GENERATED',
  secretExpiresAt: null,
  expiresAt: null,
  disabledAt: null,
  revokedAt: null,
  limits: null,
  scope: Scope.NOTHING,
});

interface Written {
  readonly apiKeyId: string;
  readonly resourceId: string;
  readonly uses: number;
}

type Outcome = 'KEPT' | 'AWAY' | 'UNKNOWN' | 'UNKNOWN BUT KEPT';

/** A database in which every key exists, and which comes and goes. */
function recorderWith(mostCounts: number) {
  const written: Written[] = [];
  const logged: Record<string, unknown>[] = [];
  const state: { outcomes: Outcome[] } = { outcomes: [] };
  const database = {
    async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
      const rows: Written[] = [];
      const outcome = state.outcomes.shift() ?? 'KEPT';
      const transaction = {
        lockedRows: async (_sql: string, ids: readonly string[]) =>
          ids.map((id) => ({ id, lastUsedAt: null })),
        insertOrAdd: async (_entity: unknown, added: readonly Written[]) => void rows.push(...added),
        execute: async () => 1,
      };
      const result = await work(transaction as Partial<Transaction> as Transaction);
      if (outcome === 'KEPT' || outcome === 'UNKNOWN BUT KEPT') written.push(...rows);
      if (outcome === 'AWAY') throw serviceUnavailable(new Error('It is away.'));
      if (outcome !== 'KEPT') throw new OutcomeUnknown(new Error('It went away.'));
      return result;
    },
  };
  const logger = createLogger('info', {
    write: (line) => logged.push(JSON.parse(line) as Record<string, unknown>),
  });
  const recorder = new UseRecorder({ database, everyMs: 0, logger, mostCounts });
  const use = (keyId: string, resourceId: string, times = 1) => {
    const resource = { level: 'WIDGET', id: resourceId } as const;
    for (let left = times; left > 0; left--) recorder.counter.used(key(keyId), resource, VALID, NOW);
  };
  const total = () => written.reduce((sum, { uses }) => sum + uses, 0);
  return { recorder, state, written, logged, use, total };
}

describe('the recorder of uses', () => {
  test('counts no more than it has room for, says how many uses that left out, and goes on with those that it has', async () => {
    const { recorder, use, total, logged } = recorderWith(3);
    use('a', '1');
    use('a', '2');
    use('b', '1');
    for (let number = 0; number < 1000; number++) use(`c${number}`, '1');
    use('a', '3', 5);
    use('a', '1', 7);
    await recorder.stop();
    expect(total()).toBe(10);
    expect(logged).toContainEqual(expect.objectContaining({ dropped: 1005 }));
  });

  test('what could not be written is written with what came since, once', async () => {
    const { recorder, state, use, total, logged } = recorderWith(100);
    use('a', '1', 3);
    state.outcomes = ['AWAY'];
    await recorder.write();
    expect(total()).toBe(0);
    use('a', '1', 2);
    use('b', '1', 1);
    await recorder.write();
    expect(total()).toBe(6);
    await recorder.stop();
    expect(total()).toBe(6);
    expect(logged.map(({ msg }) => msg)).toEqual([
      'uses of keys cannot be written, and wait',
      'uses of keys are written again',
    ]);
  });

  test('a database that stays away is logged once', async () => {
    const { recorder, state, use, logged } = recorderWith(100);
    use('a', '1');
    state.outcomes = Array<Outcome>(5).fill('AWAY');
    for (let run = 0; run < 5; run++) await recorder.write();
    expect(logged).toHaveLength(1);
  });

  test.each<[Outcome, number]>([
    ['UNKNOWN', 1],
    ['UNKNOWN BUT KEPT', 4],
  ])(
    'when the outcome is %s, nothing is counted twice, and the number is logged',
    async (outcome, expected) => {
      const { recorder, state, use, total, logged } = recorderWith(100);
      use('a', '1', 3);
      state.outcomes = [outcome];
      await recorder.write();
      use('a', '1', 1);
      await recorder.stop();
      expect(total()).toBe(expected);
      expect(logged).toContainEqual(expect.objectContaining({ uses: 3 }));
    },
  );

  test('what is put back finds as much room as what came since has left, and the rest is told', async () => {
    const { recorder, state, use, total, logged } = recorderWith(2);
    use('a', '1', 3);
    use('a', '2', 5);
    state.outcomes = ['AWAY'];
    const writing = recorder.write();
    use('b', '1', 1);
    await writing;
    await recorder.stop();
    expect(total()).toBe(4);
    expect(logged).toContainEqual(expect.objectContaining({ dropped: 5 }));
  });

  test('what is not written when the program stops is told as a number', async () => {
    const { recorder, state, use, logged } = recorderWith(100);
    use('a', '1', 3);
    state.outcomes = ['AWAY'];
    await recorder.stop();
    expect(logged).toContainEqual(expect.objectContaining({ level: 'error', lost: 3 }));
  });
});
