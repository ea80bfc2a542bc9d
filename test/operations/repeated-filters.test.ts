import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE, twoCustomers } from '../support/two-customers';

/** More than a statement can hold, of any database. */
const TIMES = 40_000;

let program: TestProgram;
let asOwner: Credential;

beforeAll(async () => {
  program = await TestProgram.start();
  asOwner = await program.user(PEOPLE.owner);
  await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
});

afterAll(() => program.stop());

test.each([
  ['Breadth', 'ENVIRONMENT', 'apiKeys(filter: { breadth: $values }) { totalCount }'],
  ['ApiKeyStatus', 'ACTIVE', 'apiKeys(filter: { status: $values }) { totalCount }'],
  ['ResourceLevel', 'WIDGET', 'apiKeys { nodes { scope { grants(levels: $values) { totalCount } } } }'],
  [
    'AuditAction',
    'API_KEY_CREATED',
    'organizations { nodes { auditEvents(filter: { actions: $values }) { totalCount } } }',
  ],
  [
    'WebhookDeliveryStatus',
    'PENDING',
    'organizations { nodes { webhookDeliveries(filter: { status: $values }) { totalCount } } }',
  ],
])('a filter that names one %s 40,000 times answers what it does for one', async (type, value, field) => {
  const answer = (values: readonly string[]) =>
    ask<unknown>(program, asOwner, `query($values: [${type}!]) { ${field} }`, { values });
  expect(await answer(Array<string>(TIMES).fill(value))).toEqual(await answer([value]));
});
