import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KEY_MUTATIONS, changedKey, createdKey, mutateKey } from '../support/key-mutations';
import { mutate } from '../support/mutate';
import { updatePolicy } from '../support/policies';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

type Row = Record<string, unknown>;

const SOURCES = join(__dirname, '..', '..', 'src');

describe('the record of what was done', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let acme: TwoCustomers['acme'];
  let turn = 0;

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(PEOPLE.owner);
    ({ acme } = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys)));
  });

  afterAll(() => program.stop());

  const everyEvent = () => program.database.rows<Row>('SELECT * FROM audit_events ORDER BY id');
  const reportLeak = (secretKey: string) =>
    fetch(`${program.url}/v1/leaked-keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ keys: [secretKey] }),
    });
  const importKey = (plainText: string) =>
    mutate<{ apiKeys: { id: string }[] }>(program, asOwner, 'importApiKeys', 'apiKeys { id }', {
      organizationId: acme.organization.id,
      keys: [{ sha256: digestOf(plainText), name: 'Imported', scope: { accountIds: [acme.retail.id] } }],
    });

  /** Everything that can be done to a key, and the secrets that there were on the way. */
  const live = async (): Promise<readonly string[]> => {
    const scope = { environmentIds: [acme.checkoutStaging.id] };
    const { apiKey, secretKey } = await createdKey(program, asOwner, {
      name: 'A',
      scope,
      idempotencyKey: `t${turn++}`,
    });
    const { id } = apiKey;
    await changedKey(program, asOwner, 'updateApiKey', {
      id,
      version: 1,
      name: 'B',
      scope: {},
      metadata: { m: 1 },
    });
    await changedKey(program, asOwner, 'disableApiKey', { id });
    await changedKey(program, asOwner, 'enableApiKey', { id });
    const rotated = await mutateKey(program, asOwner, 'rotateApiKey', { id, gracePeriodSeconds: 60 });
    await changedKey(program, asOwner, 'endApiKeyRotation', { id });
    await changedKey(program, asOwner, 'revokeApiKey', { id, reason: 'done' });
    const other = await createdKey(program, asOwner, { name: 'C', scope });
    await reportLeak(other.secretKey);
    const plainText = `from elsewhere ${turn}`;
    const { apiKeys } = await importKey(plainText);
    await mutateKey(program, asOwner, 'revokeApiKeys', { ids: apiKeys.map((key) => key.id) });
    await updatePolicy(program, asOwner, acme.organization.id, { maxActiveKeys: 1000 + turn });
    return [secretKey, rotated.secretKey ?? '', other.secretKey, plainText];
  };

  test('no source but the one that adds events writes to their table', () => {
    const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const sources = files.map((file) => ({ file, text: readFileSync(join(SOURCES, file), 'utf8') }));
    const naming = sources.filter(({ text }) => text.includes('audit_events')).map(({ file }) => file);
    expect(naming.sort()).toEqual(['audit/audit-event-entity.ts', 'audit/audit-event-repository.ts']);
    const writing = /\b(UPDATE|DELETE|REPLACE|TRUNCATE|INSERT|DROP)\b[^;]*audit_events/;
    expect(sources.filter(({ text }) => writing.test(text)).map(({ file }) => file)).toEqual([]);
    const entity = sources.filter(({ text }) => /\bAuditEventEntity\b/.test(text));
    const uses = entity.flatMap(({ text }) => text.match(/\.\w+\(\s*AuditEventEntity\b/g) ?? []);
    expect(uses).toEqual(['.insert(AuditEventEntity']);
  });

  test('whatever is done later, the events that there are stay as they are, and only new ones come', async () => {
    await live();
    const before = await everyEvent();
    expect(before.length).toBeGreaterThanOrEqual(KEY_MUTATIONS.length);
    const statements = await program.statementsDuring(live);
    const after = await everyEvent();
    const earlier = new Set(before.map(({ id }) => id));
    expect(after.filter(({ id }) => earlier.has(id))).toEqual(before);
    expect(after.length).toBe(before.length * 2);
    const writing = statements.filter((text) => text.includes('audit_events') && !text.startsWith('SELECT'));
    expect(writing.length).toBeGreaterThan(0);
    expect(writing.filter((text) => !text.startsWith('INSERT INTO audit_events'))).toEqual([]);
  });

  test('what was deleted is still in the record', async () => {
    const { apiKey } = await createdKey(program, asOwner, {
      name: 'Gone',
      scope: { accountIds: [acme.wholesale.id] },
    });
    await program.database.transaction(async (transaction) => {
      await transaction.execute('DELETE FROM idempotency_keys');
      await transaction.execute('DELETE FROM api_keys WHERE id = ?', [apiKey.id]);
    });
    const events = (await everyEvent()).filter((event) => event['subject_id'] === apiKey.id);
    expect(events).toMatchObject([{ action: 'API_KEY_CREATED' }]);
  });

  test('no event holds a secret, a part of one, its digest, its selector or a token', async () => {
    const secrets = await live();
    const stored = await program.database.rows<{ selector: string; digest: string }>(
      'SELECT selector, digest FROM api_key_secrets',
    );
    const record = JSON.stringify(await everyEvent());
    expect(stored.length).toBeGreaterThan(5);
    const forbidden = [
      ...secrets.flatMap((secret) => [secret, secret.slice(-20), digestOf(secret)]),
      ...stored.flatMap(({ selector, digest }) => [selector, digest]),
      ...Object.values(asOwner).flatMap((token) => token.split(/[ .]/).filter((part) => part.length > 20)),
    ];
    expect(forbidden.filter((secret) => record.includes(secret))).toEqual([]);
    expect(record).not.toMatch(/secret|digest|selector|pepper|Bearer/i);
  });
});

function digestOf(plainText: string): string {
  return createHash('sha256').update(plainText).digest('hex');
}
