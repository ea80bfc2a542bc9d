import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PAGE_INFO, ask, everyPage, type Page } from '../support/every-page';
import { TestProgram, type Credential } from '../support/test-program';

const owner = { id: 'owner@acme.example', email: 'owner@acme.example' };
const consultant = { id: 'consultant@partner.example', email: 'consultant@partner.example' };
const narrowed = { id: 'narrowed@acme.example', email: 'narrowed@acme.example' };

const ACCOUNTS = 60;
const WIDGETS = 10;
const CUSTOMERS = 270;

interface Account {
  readonly widgets: { readonly nodes: { readonly name: string; readonly environments: unknown }[] };
}

/** More lists, and more ranges of one list, than a statement of the embedded database can hold. */
describe('many lists at once', () => {
  let program: TestProgram;
  let asOwner: Credential;
  let widgetIds: string[];

  beforeAll(async () => {
    program = await TestProgram.start();
    asOwner = await program.user(owner);
    await program.given((tenancy) => {
      const acme = tenancy.organization('Acme', 'acme');
      tenancy.membership(acme, owner, 'OWNER');
      const accounts = Array.from({ length: ACCOUNTS }, (_, index) => tenancy.child(acme, `a${index}`));
      const widgets = accounts.flatMap((account) =>
        Array.from({ length: WIDGETS }, (_, index) => tenancy.child(account, `${account.name}w${index}`)),
      );
      widgetIds = widgets.map(({ id }) => id);
      for (const widget of widgets) tenancy.child(widget, `${widget.name}e`);
      tenancy.membership(acme, narrowed, 'ADMIN', widgets.slice(0, 100));
      tenancy.apiKey({ organization: acme, name: 'Acme key', creator: owner, grants: widgets.slice(0, 100) });
      for (let index = 0; index < CUSTOMERS; index++) {
        const customer = tenancy.organization(`c${index}`, `c${index}`);
        tenancy.membership(customer, consultant, 'MEMBER');
        const name = `key ${index % 7}`;
        tenancy.apiKey({ organization: customer, name, creator: consultant, grants: [customer] });
      }
    });
  });

  afterAll(() => program.stop());

  test('600 parents are each answered their own children and count', async () => {
    const { organizations } = await ask<{
      organizations: { nodes: { accounts: { nodes: Account[] } }[] };
    }>(
      program,
      asOwner,
      `{ organizations(first: 1) { nodes { accounts(first: 100) { nodes { widgets(first: 10) { nodes { name
        environments(first: 1) { totalCount nodes { name } } } } } } } } }`,
    );
    const accounts = organizations.nodes[0]?.accounts.nodes ?? [];
    const widgets = accounts.flatMap((account) => account.widgets.nodes);
    expect(widgets).toHaveLength(ACCOUNTS * WIDGETS);
    for (const widget of widgets) {
      const environments = { totalCount: 1, nodes: [{ name: `${widget.name}e` }] };
      expect(widget).toEqual({ name: widget.name, environments });
    }
  });

  test('a narrowing of 100 grants holds on 100 lists of keys', async () => {
    const data = await ask<Record<string, unknown>>(
      program,
      await program.user(narrowed),
      `{ ${aliases(100, (index) => `w${index}: widget(id: "${widgetIds[index]}") { apiKeys { totalCount } }`)} }`,
    );
    expect(Object.values(data)).toEqual(widgetIds.slice(0, 100).map(() => ({ apiKeys: { totalCount: 1 } })));
  });

  test('the keys of 270 organizations make one list, in order, walked in both directions', async () => {
    const asConsultant = await program.user(consultant);
    const walks = [];
    for (const direction of ['FORWARD', 'BACKWARD'] as const) {
      const pages = await everyPage(direction, 100, async (args) => {
        const query = `{ apiKeys(${args}, orderBy: { field: NAME, direction: ASC }) { nodes { id name } totalCount ${PAGE_INFO} } }`;
        const { apiKeys } = await ask<{ apiKeys: Page<{ id: string; name: string }> }>(
          program,
          asConsultant,
          query,
        );
        expect(apiKeys.totalCount).toBe(CUSTOMERS);
        return apiKeys;
      });
      walks.push(pages.flat());
    }
    const [forward = [], backward = []] = walks;
    expect(new Set(forward.map(({ id }) => id)).size).toBe(CUSTOMERS);
    expect(forward).toEqual(
      forward.toSorted((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id)),
    );
    expect(backward).toEqual(forward);
  });
});

function aliases(count: number, field: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => field(index)).join(' ');
}

function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
