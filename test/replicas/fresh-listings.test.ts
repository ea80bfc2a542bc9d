import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MysqlServer } from '../support/mysql-server';
import { Replicas, askAt, mutateAt } from '../support/replicas';
import type { StartedProgram } from '../support/started-program';

/** Enough for readings of the change feed to come at any moment of a round. */
const ROUNDS = 40;

type Headers = Readonly<Record<string, string>>;

interface Listed {
  readonly apiKeys: {
    readonly nodes: readonly {
      readonly scope: {
        readonly widgets: readonly {
          readonly name: string;
          readonly account: { readonly id: string } | null;
        }[];
      };
    }[];
  };
}

let server: MysqlServer;
let replicas: Replicas;
let one: StartedProgram;
let other: StartedProgram;
let owner: Headers;
let organizationId: string;
let accountIds: readonly string[];
let widgetId: string;
let keyId: string;

beforeAll(async () => {
  server = await MysqlServer.create();
  replicas = new Replicas(await server.createDatabase('tree', 'tree'));
  one = await replicas.add();
  other = await replicas.add();
  owner = await replicas.user('owner@customer.example');
  const { organization } = await mutateAt<{ organization: { id: string } }>(
    one,
    owner,
    { name: 'createOrganization', inputType: 'CreateOrganizationInput', select: 'organization { id }' },
    { name: 'Customer', slug: 'customer' },
  );
  organizationId = organization.id;
  accountIds = [await child(organizationId, 'Home'), await child(organizationId, 'Away')];
  widgetId = await child(accountIds[0] ?? '', 'Widget');
  keyId = await createKey(owner, { widgetIds: [widgetId] });
}, 120_000);

afterAll(async () => {
  await replicas.stop();
  await server.remove();
});

async function child(parentId: string, name: string): Promise<string> {
  const creation = { name: 'createResource', inputType: 'CreateResourceInput', select: 'resource { id }' };
  const { resource } = await mutateAt<{ resource: { id: string } }>(one, owner, creation, { parentId, name });
  return resource.id;
}

async function createKey(as: Headers, scope: object): Promise<string> {
  const creation = { name: 'createApiKey', inputType: 'CreateApiKeyInput', select: 'apiKey { id }' };
  const input = { organizationId, name: 'Key', scope };
  return (await mutateAt<{ apiKey: { id: string } }>(one, as, creation, input)).apiKey.id;
}

async function widgetsListedAt(program: StartedProgram, as: Headers) {
  const query = '{ apiKeys(first: 10) { nodes { scope { widgets { name account { id } } } } } }';
  const { apiKeys } = await askAt<Listed>(program, as, query);
  return apiKeys.nodes.flatMap(({ scope }) => scope.widgets);
}

test('what one replica renames and moves is listed so by the other at once, whatever it remembers', async () => {
  for (let round = 1; round <= ROUNDS; round++) {
    await widgetsListedAt(other, owner);
    const name = `Widget of round ${round}`;
    const rename = { name: 'renameResource', inputType: 'RenameResourceInput', select: 'resource { id }' };
    await mutateAt(one, owner, rename, { id: widgetId, name });
    expect(await widgetsListedAt(other, owner)).toMatchObject([{ name }]);

    const account = { id: accountIds[round % 2] ?? '' };
    const move = { name: 'moveResource', inputType: 'MoveResourceInput', select: 'resource { id }' };
    await mutateAt(one, owner, move, { id: widgetId, parentId: account.id });
    expect(await widgetsListedAt(other, owner)).toEqual([{ name, account }]);
  }
});

test('the scope that a key is given at one replica is listed by the other at once, and loses what is deleted', async () => {
  const update = { name: 'updateApiKey', inputType: 'UpdateApiKeyInput', select: 'apiKey { version }' };
  const remove = { name: 'deleteResource', inputType: 'DeleteResourceInput', select: 'resource { id }' };
  let version = 1;
  for (let round = 1; round <= ROUNDS; round++) {
    expect(await widgetsListedAt(other, owner)).toHaveLength(1);
    const name = `Second widget of round ${round}`;
    const secondId = await child(accountIds[0] ?? '', name);
    const input = { id: keyId, version, scope: { widgetIds: [widgetId, secondId] } };
    ({ version } = (await mutateAt<{ apiKey: { version: number } }>(one, owner, update, input)).apiKey);
    expect(await widgetsListedAt(other, owner)).toMatchObject([{}, { name }]);
    await mutateAt(one, owner, remove, { id: secondId });
    expect(await widgetsListedAt(other, owner)).toHaveLength(1);
  }
});

test('what is moved out of the part that somebody may read is not listed for them any more, at once', async () => {
  const [home = '', away = ''] = accountIds;
  const move = { name: 'moveResource', inputType: 'MoveResourceInput', select: 'resource { id }' };
  const add = { name: 'addMembership', inputType: 'AddMembershipInput', select: 'membership { id }' };
  const admin = await replicas.user('admin@customer.example');
  await mutateAt(one, owner, move, { id: widgetId, parentId: home });
  const membership = {
    organizationId,
    userId: 'admin@customer.example',
    role: 'ADMIN',
    narrowedTo: { accountIds: [home] },
  };
  await mutateAt(one, owner, add, membership);
  // Who made a key goes on to see it, whatever it reaches.
  await createKey(admin, { widgetIds: [widgetId] });
  for (let round = 1; round <= ROUNDS; round++) {
    const listed = { account: { id: home } };
    expect(await widgetsListedAt(other, admin)).toMatchObject([listed, listed]);
    await mutateAt(one, owner, move, { id: widgetId, parentId: away });
    expect(await widgetsListedAt(other, admin)).toEqual([]);
    await mutateAt(one, owner, move, { id: widgetId, parentId: home });
  }
});
