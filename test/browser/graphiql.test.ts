import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { CHROMIUM_TIMEOUT_MS, startChromium } from '../support/chromium';
import { GraphiqlPage } from '../support/graphiql-page';
import { StartedProgram } from '../support/started-program';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

describe('GraphiQL in Chromium, in the demo', () => {
  let browser: Browser;
  let window: BrowserContext;
  let database: TestDatabase;
  let program: StartedProgram;
  let graphiql: GraphiqlPage;

  beforeAll(async () => {
    database = await createTestDatabase();
    program = await StartedProgram.start(database.environment);
    browser = await startChromium();
    window = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  }, CHROMIUM_TIMEOUT_MS);

  afterAll(async () => {
    await browser.close();
    await program.stop();
    await database.remove();
  });

  afterEach(async () => {
    await graphiql.close();
    expect(graphiql.complaints).toEqual([]);
    expect(graphiql.requests.filter((url) => url.protocol !== 'data:' && url.origin !== program.url)).toEqual(
      [],
    );
  });

  const open = async (path: string) => {
    graphiql = await GraphiqlPage.open(window, `${program.url}${path}`);
  };

  test.each(['/graphiql', '/graphql'])(
    'at %s, the keys are listed with their nested scopes',
    async (path) => {
      await open(path);
      await graphiql.run();
      const widget = { name: 'Checkout', account: { name: 'Retail', organization: { name: 'Acme' } } };
      const scope = { breadth: 'ENVIRONMENT', environments: [{ name: 'Staging', widget }] };
      const nodes = expect.arrayContaining([
        expect.objectContaining({ name: 'Checkout staging', scope: expect.objectContaining(scope) }),
      ]);
      expect(await graphiql.answer()).toMatchObject({ data: { apiKeys: { nodes } } });
      await graphiql.answerLine('"Checkout production"').waitFor();
    },
  );

  test('a key is made, and verified by the service that may', async () => {
    await open('/graphiql');
    await graphiql.openTab('CreateKey');
    await graphiql.run();
    const made = await graphiql.answer<{ data: { createApiKey: { secretKey: string } } }>();
    const { secretKey } = made.data.createApiKey;
    expect(secretKey).toMatch(/^sg_/);

    await graphiql.openTab('VerifyKey');
    const variables = JSON.parse(await graphiql.textOf('variables.json')) as object;
    await graphiql.typeVariables({ ...variables, secretKey });
    await graphiql.run();
    const verification = { valid: true, code: 'VALID', apiKey: { name: 'Made in GraphiQL' } };
    expect(await graphiql.answer()).toMatchObject({ data: { verifyApiKey: { verification } } });
  });

  test('why a key may touch an environment is explained', async () => {
    await open('/graphiql');
    await graphiql.openTab('ExplainAccess');
    await graphiql.run();
    const grant = { level: 'ENVIRONMENT', resource: { name: expect.any(String) } };
    expect(await graphiql.answer()).toMatchObject({ data: { explainAccess: { valid: true, grant } } });
  });

  test('a field is completed', async () => {
    await open('/graphiql');
    await graphiql.typeQuery('query Me { view');
    await graphiql.page.keyboard.press('Control+Space');
    await graphiql.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'viewer' }).waitFor();
    await graphiql.page.keyboard.press('Enter');
    await graphiql.page.keyboard.type(' { id }');
    expect(await graphiql.textOf('operation.graphql')).toMatch(/^query Me \{ viewer \{ id \}\s*\}$/);
    await graphiql.takesUp('viewer { id }');
    await graphiql.run();
    expect(await graphiql.answer()).toEqual({ data: { viewer: { id: 'owner@acme.example' } } });
  });

  test('a field that does not exist is underlined, and said to be none', async () => {
    await open('/graphiql');
    await graphiql.typeQuery('{ viewer { shoeSize } }');
    await graphiql.page.locator('.graphiql-query-editor .squiggly-error').waitFor();
    await graphiql.saysOf('shoeSize', 'Cannot query field "shoeSize" on type "Viewer".');
  });

  test('what was written and the token stay for as long as the tab, and no longer', async () => {
    await open('/graphiql');
    await graphiql.typeQuery('query Kind { viewer { kind } }');
    await graphiql.takesUp('query Kind { viewer { kind } }');
    await graphiql.run();
    await graphiql.answer();
    const headers = await graphiql.textOf('request-headers.json');
    const tabs = await graphiql.page.getByRole('tab').count();
    expect(headers).toMatch(/"Bearer eyJ/);
    await graphiql.page.reload();
    await graphiql.ready();
    expect(await graphiql.textOf('operation.graphql')).toMatch(/^query Kind \{/);
    expect(await graphiql.textOf('request-headers.json')).toBe(headers);
    expect(await graphiql.page.getByRole('tab').count()).toBe(tabs);
    expect(await graphiql.page.evaluate('localStorage.length')).toBe(0);
  });
});
