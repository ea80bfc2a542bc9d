import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/shared/ids';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE } from '../support/two-customers';
import { postVerify, verifyByGraphql, verifyByRest, type Asked } from '../support/verifying';

/** Longer than the tests take: what is remembered at their beginning is relied upon until their end. */
const SETTINGS = { MAX_STALENESS_MS: '60000', VERIFICATION_MEMORY: '100' };

const FLOOD = 20_000;
const QUESTIONS = 100;

describe('what a replica remembers of verifications', () => {
  let program: TestProgram;
  let asService: Credential;
  let keys: { secretKey: string; name: string }[];
  let environmentIds: string[];
  let widgetId: string;

  beforeAll(async () => {
    program = await TestProgram.start(SETTINGS);
    asService = await program.service('gateway', 'api-keys:verify');
    const generated = Array.from({ length: 20 }, () => program.secretKeys.generate());
    await program.given((tenancy) => {
      const organization = tenancy.organization('Acme', 'acme');
      const widget = tenancy.child(tenancy.child(organization, 'Retail'), 'Checkout');
      widgetId = widget.id;
      environmentIds = generated.map((_, index) => tenancy.child(widget, `e${index}`).id);
      keys = generated.map(({ secretKey, stored }, index) => {
        const name = `Key ${index}`;
        tenancy.apiKey({ organization, name, creator: PEOPLE.owner, grants: [widget], secret: stored });
        return { secretKey, name };
      });
    });
  });

  afterAll(() => program.stop());

  const question = (secretKey: string, id: string): Asked => ({
    secretKey,
    resource: { level: 'ENVIRONMENT', id },
  });
  const goodQuestions = () =>
    keys.map(({ secretKey }, index) => question(secretKey, environmentIds[index] ?? ''));
  const codesOf = async (asked: readonly Asked[]) => {
    const answers = (await (await postVerify(program, asService, asked)).json()) as { code: string }[];
    return answers.map(({ code }) => code);
  };
  const inBatches = async (asked: readonly Asked[]) => {
    const codes = new Set<string>();
    for (let start = 0; start < asked.length; start += QUESTIONS) {
      for (const code of await codesOf(asked.slice(start, start + QUESTIONS))) codes.add(code);
    }
    return [...codes];
  };

  test('costs no statement when it is asked again, whoever asks and over whatever', async () => {
    const [asked] = goodQuestions();
    if (asked === undefined) throw new Error('There is no question.');
    expect(await program.statementsDuring(() => verifyByRest(program, asService, asked))).toHaveLength(2);
    const other = await program.service('another', 'api-keys:verify');
    const statements = await program.statementsDuring(async () => {
      for (const credential of [asService, other]) {
        await verifyByRest(program, credential, asked);
        await verifyByGraphql(program, credential, asked);
      }
      // What lies above a remembered resource is remembered with it.
      const above = { ...asked, resource: { level: 'WIDGET', id: widgetId } };
      expect((await verifyByRest(program, asService, above)).code).toBe('VALID');
    });
    expect(statements).toEqual([]);
  });

  test('leaves only what is new to be asked for', async () => {
    const [first, second] = goodQuestions();
    if (first?.resource == null || second?.resource == null) throw new Error('There are no questions.');
    await verifyByRest(program, asService, first);
    const mixed = { ...first, resource: second.resource };
    expect(await program.statementsDuring(() => verifyByRest(program, asService, mixed))).toHaveLength(1);
    expect(await program.statementsDuring(() => codesOf([first, mixed, second]))).toHaveLength(1);
    expect(await program.statementsDuring(() => codesOf([first, mixed, second]))).toEqual([]);
  });

  test('is of unknown keys and resources too: each is looked up once', async () => {
    const unknown = program.secretKeys.generate().secretKey;
    const asked = [question(unknown, environmentIds[0] ?? ''), question(keys[0]?.secretKey ?? '', newId())];
    expect(await codesOf(asked)).toEqual(['NOT_FOUND', 'RESOURCE_NOT_FOUND']);
    const statements = await program.statementsDuring(async () => {
      expect(await codesOf(asked)).toEqual(['NOT_FOUND', 'RESOURCE_NOT_FOUND']);
    });
    expect(statements).toEqual([]);
  });

  test('is not used for who wants it fresh', async () => {
    const [asked] = goodQuestions();
    const fresh = { ...asked, fresh: true } as Asked;
    expect(await program.statementsDuring(() => verifyByRest(program, asService, fresh))).toHaveLength(2);
  });

  test('is not pushed out by a flood of keys and resources that there are none of', async () => {
    expect(new Set(await codesOf(goodQuestions()))).toEqual(new Set(['VALID']));
    const flood = Array.from({ length: FLOOD / 2 }, () => program.secretKeys.generate().secretKey);
    expect(await inBatches(flood.map((secretKey) => ({ secretKey })))).toEqual(['NOT_FOUND']);
    const ids = Array.from({ length: FLOOD / 2 }, newId);
    const codes = await inBatches(ids.map((id) => question(keys[0]?.secretKey ?? '', id)));
    expect(codes).toEqual(['RESOURCE_NOT_FOUND']);
    const statements = await program.statementsDuring(async () => {
      expect(new Set(await codesOf(goodQuestions()))).toEqual(new Set(['VALID']));
    });
    expect(statements).toEqual([]);
  });

  test('is nothing where the bound is nothing: each question goes to the database', async () => {
    const forgetful = await TestProgram.start({ MAX_STALENESS_MS: '0' });
    try {
      const credential = await forgetful.service('gateway', 'api-keys:verify');
      const { secretKey } = forgetful.secretKeys.generate();
      const ask = () =>
        forgetful.statementsDuring(async () => {
          expect((await verifyByRest(forgetful, credential, { secretKey })).code).toBe('NOT_FOUND');
        });
      expect((await ask()).length).toBeGreaterThan(0);
      expect((await ask()).length).toBeGreaterThan(0);
    } finally {
      await forgetful.stop();
    }
  });
});
