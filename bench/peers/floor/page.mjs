// As little as can be done for the page: no GraphQL, nobody asked who they are, one statement, one JSON.stringify.
import { createServer } from 'node:http';
import mysql from 'mysql2/promise';

const { PORT, DATABASE_URL, ORGANIZATION_ID } = process.env;
const pool = mysql.createPool({ uri: DATABASE_URL, connectionLimit: 10, timezone: 'Z' });

const resource = (alias) =>
  ['id', 'level', 'name', 'slug', 'created_at', 'modified_at'].map(
    (column) => `${alias}.${column} AS ${alias}_${column}`,
  );

const STATEMENT = `
  SELECT k.*, ${['r0', 'r1', 'r2', 'r3'].flatMap(resource).join(', ')}
  FROM (SELECT id, name, description, created_at, modified_at, creator_id, creator_email, modified_by, organization_id
        FROM api_keys WHERE organization_id = ? ORDER BY created_at DESC, id DESC LIMIT ?) k
  LEFT JOIN api_key_grants g ON g.api_key_id = k.id
  LEFT JOIN resources r0 ON r0.id = g.resource_id
  LEFT JOIN resources r1 ON r1.id = r0.parent_id
  LEFT JOIN resources r2 ON r2.id = r1.parent_id
  LEFT JOIN resources r3 ON r3.id = r2.parent_id
  ORDER BY k.created_at DESC, k.id DESC`;

const LISTS = [null, 'account', 'widget', 'environment'];

async function page(first) {
  const [rows] = await pool.query(STATEMENT, [ORGANIZATION_ID, first + 1]);
  const keys = new Map();
  for (const row of rows) {
    let key = keys.get(row.id);
    if (key === undefined) keys.set(row.id, (key = toKey(row)));
    if (row.r0_id === null) continue;
    if (row.r0_level === 0) {
      key.scope.organizationId = row.r0_id;
      key.scope.organization = organization(row, 'r0');
    } else {
      const list = LISTS[row.r0_level];
      key.scope[`${list}Ids`].push(row.r0_id);
      key.scope[`${list}s`].push(GRANTED[row.r0_level](row));
    }
  }
  const nodes = [...keys.values()];
  return {
    data: { apiKeys: { nodes: nodes.slice(0, first), pageInfo: { hasNextPage: nodes.length > first } } },
  };
}

const toKey = (row) => ({
  id: row.id,
  name: row.name,
  description: row.description,
  createdAt: new Date(row.created_at),
  modifiedAt: new Date(row.modified_at),
  creatorId: row.creator_id,
  creatorEmail: row.creator_email,
  modifiedBy: row.modified_by,
  organizationId: row.organization_id,
  scope: {
    organizationId: null,
    accountIds: [],
    widgetIds: [],
    environmentIds: [],
    organization: null,
    accounts: [],
    widgets: [],
    environments: [],
  },
});

const organization = (row, alias) => ({
  id: row[`${alias}_id`],
  name: row[`${alias}_name`],
  slug: row[`${alias}_slug`],
  createdAt: new Date(row[`${alias}_created_at`]),
  modifiedAt: new Date(row[`${alias}_modified_at`]),
});

const other = (row, alias, above) => ({
  id: row[`${alias}_id`],
  name: row[`${alias}_name`],
  createdAt: new Date(row[`${alias}_created_at`]),
  modifiedAt: new Date(row[`${alias}_modified_at`]),
  ...above,
});

const GRANTED = [
  null,
  (row) => other(row, 'r0', { organization: organization(row, 'r1') }),
  (row) => other(row, 'r0', { account: other(row, 'r1') }),
  (row) =>
    other(row, 'r0', {
      widget: other(row, 'r1', { account: other(row, 'r2', { organization: organization(row, 'r3') }) }),
    }),
];

createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    if (request.method !== 'POST') return response.writeHead(404).end();
    const { variables } = JSON.parse(Buffer.concat(parts).toString());
    const body = JSON.stringify(await page(variables.first));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
}).listen(Number(PORT), '127.0.0.1');
