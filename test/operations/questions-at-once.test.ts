import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ChangeFeed } from '../../src/change-feed/change-feed';
import { Stopwatch } from '../../src/change-feed/stopwatch';
import { createLogger } from '../../src/shared/logger';
import { FactSource } from '../../src/verification/fact-source';
import { Memory } from '../../src/verification/memory';
import { TestProgram, type Credential } from '../support/test-program';
import { PEOPLE } from '../support/two-customers';
import { verifyByGraphql, verifyByRest, type Asked } from '../support/verifying';

const EACH = 20;

interface Told {
  readonly asked: Asked;
  readonly selector: string;
  readonly expected: { readonly code: string; readonly name: string | undefined };
}

describe('questions that come at once', () => {
  let program: TestProgram;
  let asService: Credential;
  let questions: Told[];

  beforeAll(async () => {
    program = await TestProgram.start();
    asService = await program.service('gateway', 'api-keys:verify');
    questions = await program.given((tenancy) =>
      ['Acme', 'Globex'].flatMap((customer) => {
        const organization = tenancy.organization(customer, customer.toLowerCase());
        const widget = tenancy.child(tenancy.child(organization, 'Retail'), 'Checkout');
        return Array.from({ length: EACH }, (_, index): Told => {
          const [granted, beside] = [tenancy.child(widget, `e${index}`), tenancy.child(widget, `f${index}`)];
          const { secretKey, stored } = program.secretKeys.generate();
          const { digest } = program.secretKeys.generate().stored;
          const name = `${customer} ${index}`;
          const common = { organization, name, creator: PEOPLE.owner, grants: [granted] };
          const about = (id: string): Asked => ({
            secretKey,
            resource: { level: 'ENVIRONMENT', id },
            fresh: true,
          });
          switch (index % 3) {
            case 0:
              tenancy.apiKey({ ...common, secret: stored });
              return {
                asked: about(granted.id),
                selector: stored.selector,
                expected: { code: 'VALID', name },
              };
            case 1:
              tenancy.apiKey({ ...common, secret: stored });
              return {
                asked: about(beside.id),
                selector: stored.selector,
                expected: { code: 'OUT_OF_SCOPE', name },
              };
            default:
              // Another secret key of the same selector opens it.
              tenancy.apiKey({ ...common, secret: { ...stored, digest } });
              return {
                asked: about(granted.id),
                selector: stored.selector,
                expected: { code: 'NOT_FOUND', name: undefined },
              };
          }
        });
      }),
    );
  });

  afterAll(() => program.stop());

  test.each([
    ['REST', verifyByRest],
    ['GraphQL', verifyByGraphql],
  ])('are each answered by their own key and resource, by %s', async (_how, verify) => {
    const answers = await Promise.all(questions.map(({ asked }) => verify(program, asService, asked)));
    const told = answers.map(({ code, apiKey }) => ({ code, name: apiKey?.['name'] }));
    expect(told).toEqual(questions.map(({ expected }) => expected));
  });

  test.each([
    [EACH, [false], 2],
    [EACH, [true], 2],
    // What may rely on memory is not read with what may not.
    [EACH, [false, true], 4],
    [EACH + 10, [true], 4],
  ])('%i requests, relying on nothing or not (%p), cost %i statements', async (requests, anew, most) => {
    const { database } = program;
    const stopwatch = new Stopwatch(Date.now);
    const maxStalenessMs = 1000;
    const feed = new ChangeFeed({ database, stopwatch, maxStalenessMs, logger: createLogger('silent') });
    const facts = new FactSource({ database, feed, memory: new Memory(100), stopwatch, maxStalenessMs });
    const wanted = questions.slice(0, requests).map(({ asked, selector }) => ({
      selectors: [selector],
      resourceIds: asked.resource == null ? [] : [asked.resource.id],
    }));
    const statements = await program.statementsDuring(async () => {
      const found = await Promise.all(
        wanted.map((one, index) => facts.read(one, anew[index % anew.length] ?? false)),
      );
      for (const [index, { selectors, resourceIds }] of wanted.entries()) {
        expect(selectors.map((selector) => found[index]?.key(selector)?.selector)).toEqual(selectors);
        expect(resourceIds.map((id) => found[index]?.path(id)?.[0]?.id)).toEqual(resourceIds);
      }
    });
    expect(statements).toHaveLength(most);
  });
});
