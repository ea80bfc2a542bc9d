import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KINDS_OF_CHANGE, type Prepared } from '../../bench/staleness/kinds-of-change';
import { Platform } from '../../bench/staleness/platform';
import { eventually } from '../support/eventually';
import { LineToServer } from '../support/line-to-server';
import { MysqlServer } from '../support/mysql-server';
import { Replicas, verifyAt, type VerifyAnswer } from '../support/replicas';
import type { StartedProgram } from '../support/started-program';

const BOUND_MS = 1000;
const JUMPING_CLOCK = join(__dirname, '..', 'support', 'jumping-clock.cjs');

let server: MysqlServer;
let line: LineToServer;
let replicas: Replicas;
/** Where changes are made. */
let changing: StartedProgram;
/** The one that is cut off, paused and confused. */
let asked: StartedProgram;
let platform: Platform;
let credential: Readonly<Record<string, string>>;

beforeAll(async () => {
  server = await MysqlServer.create();
  const databaseUrl = await server.createDatabase('replicas', 'replicas');
  line = await LineToServer.to(Number(new URL(databaseUrl).port));
  replicas = new Replicas(databaseUrl, { MAX_STALENESS_MS: String(BOUND_MS), DATABASE_DEADLINE_MS: '2000' });
  changing = await replicas.add();
  asked = await replicas.add({
    DATABASE_URL: line.through(databaseUrl),
    NODE_OPTIONS: `--require ${JUMPING_CLOCK}`,
  });
  platform = await Platform.create(replicas, changing);
  credential = await replicas.service('checkout', 'api-keys:verify');
}, 120_000);

afterEach(async () => {
  server.resume();
  await line.mend();
  const { secretKey } = await platform.key({ widgetIds: [platform.widgetId] });
  await eventually(async () => {
    expect((await verifyAt(asked, credential, { secretKey })).code).toBe('VALID');
  });
});

afterAll(async () => {
  await replicas.stop();
  await line.refuse();
  await server.remove();
});

const ask = ({ secretKey, environmentId }: Prepared): Promise<VerifyAnswer> =>
  verifyAt(asked, credential, { secretKey, resource: { level: 'ENVIRONMENT', id: environmentId } });

/** A key that the asked replica remembers to be valid, and that can be revoked at the other. */
async function remembered(kind = 'revoke'): Promise<Prepared> {
  const prepare = KINDS_OF_CHANGE[kind];
  if (prepare === undefined) throw new Error(`There is no change of the kind ${kind}.`);
  const prepared = await prepare(platform);
  expect((await ask(prepared)).code).toBe('VALID');
  return prepared;
}

interface Seen extends VerifyAnswer {
  /** When the answer came, after the first question. */
  readonly afterMs: number;
}

/** Asks all the time, from now on for a while. */
async function askFor(prepared: Prepared, milliseconds: number): Promise<Seen[]> {
  const start = performance.now();
  const seen: Seen[] = [];
  while (performance.now() - start < milliseconds) {
    const answer = await ask(prepared);
    seen.push({ ...answer, afterMs: performance.now() - start });
    await sleep(10);
  }
  return seen;
}

const late = (seen: readonly Seen[]) => seen.filter(({ afterMs }) => afterMs > BOUND_MS);
const codes = (seen: readonly Seen[]) => [...new Set(seen.map(({ code }) => code))];

/** What was said of a key, but for that nothing could be: a busy machine may read too late. */
const said = (seen: readonly Seen[]) => codes(seen).filter((code) => code !== 'SERVICE_UNAVAILABLE');

const CODES: Readonly<Record<string, string>> = {
  revoke: 'REVOKED',
  disable: 'DISABLED',
  rotate: 'NOT_FOUND',
  narrow: 'OUT_OF_SCOPE',
  move: 'OUT_OF_SCOPE',
};

describe.each(Object.keys(KINDS_OF_CHANGE))('a change of the kind %s, made at one replica', (kind) => {
  test('is kept by the other within the bound, and stays so', async () => {
    const prepared = await remembered(kind);
    await prepared.change();
    const seen = await askFor(prepared, BOUND_MS * 1.3);
    expect(said(late(seen))).toEqual([CODES[kind]]);
  });
});

describe.each([
  ['its database answers no more', async () => line.swallow()],
  ['its database refuses connections', async () => line.refuse()],
])('a replica of which %s', (_, cut) => {
  test('tells nothing to be valid once the bound is over, also of keys that were revoked meanwhile', async () => {
    const revoked = await remembered();
    const kept = await remembered();
    await cut();
    await revoked.change();
    const [ofRevoked, ofKept] = await Promise.all([askFor(revoked, 3000), askFor(kept, 3000)]);
    expect(codes(late(ofRevoked))).toEqual(['SERVICE_UNAVAILABLE']);
    expect(codes(late(ofKept))).toEqual(['SERVICE_UNAVAILABLE']);
    expect(late(ofKept).every(({ status }) => status === 503)).toBe(true);
  });

  test('answers from memory until then, and again with the truth once it is back', async () => {
    const revoked = await remembered();
    const kept = await remembered();
    // By then, the replica has caught up with the changes that made the key.
    await askFor(kept, BOUND_MS / 2);
    await cut();
    expect(codes(await askFor(kept, BOUND_MS / 10))).toEqual(['VALID']);
    await revoked.change();
    await line.mend();
    await eventually(async () => {
      expect((await ask(kept)).code).toBe('VALID');
      expect((await ask(revoked)).code).toBe('REVOKED');
    });
  });
});

test('a database that hangs for all leaves no replica telling that a key is valid', async () => {
  const prepared = await remembered();
  await server.pause();
  const seen = await askFor(prepared, 3000);
  expect(codes(late(seen))).toEqual(['SERVICE_UNAVAILABLE']);
});

test('a replica that was paused answers what it was asked meanwhile as things are then', async () => {
  const prepared = await remembered();
  asked.signal('SIGSTOP');
  await prepared.change();
  const asking = ask(prepared);
  await sleep(BOUND_MS * 1.5);
  asked.signal('SIGCONT');
  expect((await asking).code).toBe('REVOKED');
});

test('a short pause does not make an old answer last longer than the bound', async () => {
  const prepared = await remembered();
  asked.signal('SIGSTOP');
  await prepared.change();
  const seen = askFor(prepared, BOUND_MS * 1.5);
  await sleep(BOUND_MS / 2);
  asked.signal('SIGCONT');
  expect(said(late(await seen))).toEqual(['REVOKED']);
});

test.each([
  ['ahead', 'SIGUSR2', 'SIGWINCH'],
  ['back', 'SIGWINCH', 'SIGUSR2'],
] as const)('a clock that jumps an hour %s makes no old answer last longer', async (_, jump, back) => {
  const prepared = await remembered();
  await prepared.change();
  asked.signal(jump);
  const seen = await askFor(prepared, BOUND_MS * 1.5);
  asked.signal(back);
  expect(said(late(seen))).toEqual(['REVOKED']);
});
