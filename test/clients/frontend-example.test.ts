import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestProgram } from '../support/test-program';
import { PEOPLE, twoCustomers, type TwoCustomers } from '../support/two-customers';

const run = promisify(execFile);

const EXAMPLE = 'examples/frontend';
const MANIFEST = `${EXAMPLE}/src/generated/persisted-documents.json`;

interface Step {
  readonly step: string;
  readonly result: unknown;
}

describe('the key settings page of the examples', () => {
  let program: TestProgram;
  let customers: TwoCustomers;

  beforeAll(async () => {
    await run('npm', ['run', '--silent', 'example:frontend']);
    program = await TestProgram.start({ TRUSTED_DOCUMENTS: MANIFEST, TRUSTED_DOCUMENTS_ONLY: 'on' });
    customers = await program.given((tenancy) => twoCustomers(tenancy, program.secretKeys));
  }, 60_000);

  afterAll(() => program.stop());

  test('compiles strictly, and does all that it is for against a server that takes nothing but its operations', async () => {
    const { organization, checkoutProduction, searchProduction } = customers.acme;
    const { authorization = '' } = await program.user(PEOPLE.admin);
    const { stdout } = await run(
      process.execPath,
      [
        `${EXAMPLE}/dist/walk-through.js`,
        `${program.url}/graphql`,
        organization.id,
        checkoutProduction.id,
        searchProduction.id,
      ],
      { env: { TOKEN: authorization.replace('Bearer ', '') } },
    );
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Step);
    const key = { name: 'Storefront, west', status: 'ACTIVE' };
    const listed = (names: readonly string[]) => ({
      nodes: names.map((name) => expect.objectContaining({ name }) as unknown),
      totalCount: names.length,
      pageInfo: expect.anything() as unknown,
    });
    const others = Object.values(customers.acme.keys).map((other) => other.key.name);
    const before = others.filter((name) => name !== 'Revoked').sort();
    expect(steps).toEqual([
      { step: 'refused', result: [expect.objectContaining({ code: 'INVALID', field: ['name'] })] },
      {
        step: 'created',
        result: expect.objectContaining({ name: 'Storefront', hasSecret: true }) as unknown,
      },
      { step: 'renamed', result: expect.objectContaining(key) as unknown },
      {
        step: 'changed scope',
        result: expect.objectContaining({ scope: narrowTo('Search production') }) as unknown,
      },
      {
        step: 'explained',
        result: expect.objectContaining({ valid: false, code: 'OUT_OF_SCOPE' }) as unknown,
      },
      { step: 'rotated', result: expect.objectContaining({ ...key, hasNewSecret: true }) as unknown },
      { step: 'disabled', result: expect.objectContaining({ status: 'DISABLED' }) as unknown },
      { step: 'enabled', result: expect.objectContaining(key) as unknown },
      { step: 'listed', result: listed([...before, key.name].sort()) },
      { step: 'revoked', result: expect.objectContaining({ status: 'REVOKED' }) as unknown },
      { step: 'listed after all', result: listed(before) },
    ]);
  }, 60_000);
});

function narrowTo(name: string): unknown {
  return expect.objectContaining({
    breadth: 'ENVIRONMENT',
    environments: [expect.objectContaining({ name })],
  });
}
