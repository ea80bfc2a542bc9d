import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Transaction } from '../../src/database/transaction';
import { Tenancy } from '../../src/demo/tenancy';
import type { ResourceEntity } from '../../src/resources/resource-entity';
import { TestProgram, type Credential } from '../support/test-program';

const DEADLINE_MS = 1000;
/** What a busy machine may take on top. */
const MARGIN_MS = 1500;

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };

/** Something to wait for, and the way to end the wait. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('transactions that overlap', () => {
  let program: TestProgram;
  let hasty: TestProgram;
  let acme: ResourceEntity;
  let there: ResourceEntity;

  const acmeOf = (to: TestProgram) =>
    to.given((tenancy) => {
      const organization = tenancy.organization('Acme', 'acme');
      tenancy.membership(organization, owner, 'OWNER');
      return organization;
    });

  beforeAll(async () => {
    program = await TestProgram.start();
    hasty = await TestProgram.start({ DATABASE_DEADLINE_MS: String(DEADLINE_MS) });
    acme = await acmeOf(program);
    there = await acmeOf(hasty);
  });

  afterAll(async () => {
    await program.stop();
    await hasty.stop();
  });

  const writeKey = async (transaction: Transaction, name: string, organization = acme) => {
    const tenancy = new Tenancy(Date.now());
    tenancy.apiKey({ organization, name, creator: owner, grants: [] });
    await tenancy.write(transaction);
  };

  const keysStartingWith = async (prefix: string, to = program) => {
    const asOwner: Credential = await to.user(owner);
    const { data } = await to.graphql<{ apiKeys: { nodes: { name: string }[] } }>(
      asOwner,
      '{ apiKeys(first: 100) { nodes { name } } }',
    );
    const names = data.apiKeys.nodes.map(({ name }) => name);
    return names.filter((name) => name.startsWith(prefix)).sort();
  };

  test('a read during a long transaction is answered, and sees nothing of it until it is over', async () => {
    const [written, end] = [gate(), gate()];
    const long = program.database.transaction(async (transaction) => {
      await writeKey(transaction, 'Long');
      written.open();
      await end.opened;
    });
    await written.opened;
    expect(await keysStartingWith('Long')).toEqual([]);
    end.open();
    await long;
    expect(await keysStartingWith('Long')).toEqual(['Long']);
  });

  test('one that fails takes nothing of another with it', async () => {
    const [written, end] = [gate(), gate()];
    const failing = program.database.transaction(async (transaction) => {
      await writeKey(transaction, 'Pair, failing');
      written.open();
      await end.opened;
      throw new Error('meant to fail');
    });
    const failure = expect(failing).rejects.toThrow('meant to fail');
    await written.opened;
    const good = program.database.transaction((transaction) => writeKey(transaction, 'Pair, good'));
    end.open();
    await Promise.all([failure, good]);
    expect(await keysStartingWith('Pair')).toEqual(['Pair, good']);
  });

  test('of many at once, each commit is kept, and nothing of those that fail', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, number) =>
        program.database.transaction(async (transaction) => {
          await writeKey(transaction, `Many, ${number % 2 === 0 ? 'good' : 'failing'}`);
          await transaction.rows('SELECT 1');
          if (number % 2 === 1) throw new Error('meant to fail');
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await keysStartingWith('Many')).toEqual(Array.from({ length: 10 }, () => 'Many, good'));
  });

  test('one that outlasts its deadline changes nothing, and those behind it are told or served in time', async () => {
    const [written, end] = [gate(), gate()];
    const start = performance.now();
    const late = hasty.database.transaction(async (transaction) => {
      await writeKey(transaction, 'Late', there);
      written.open();
      await end.opened;
    });
    const tooLate = expect(late).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await written.opened;
    const [behind] = await Promise.allSettled([
      hasty.database.transaction((transaction) => writeKey(transaction, 'Late, behind', there)),
      tooLate,
    ]);
    expect(performance.now() - start).toBeLessThan(DEADLINE_MS + MARGIN_MS);

    end.open();
    await hasty.database.transaction((transaction) => writeKey(transaction, 'Late, after', there));
    const kept = behind.status === 'fulfilled' ? ['Late, after', 'Late, behind'] : ['Late, after'];
    expect(await keysStartingWith('Late', hasty)).toEqual(kept);
    await tooLate;
  });

  test('one that its caller was told is not kept is not, however close to its end it was', async () => {
    // A timer can go off a little before its time, so that some are given up while a moment of theirs is left.
    for (let attempt = 0; attempt < 30; attempt++) {
      const end = gate();
      const late = hasty.database.within(20).transaction(async (transaction) => {
        await writeKey(transaction, 'Given up', there);
        await end.opened;
      });
      await expect(late).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      end.open();
    }
    await hasty.database.transaction((transaction) => writeKey(transaction, 'Given up, after', there));
    expect(await keysStartingWith('Given up', hasty)).toEqual(['Given up, after']);
  });
});
