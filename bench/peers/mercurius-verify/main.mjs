// The same question by GraphQL, with what the rows say remembered, and no more than that: no limits, no counts of uses, no
// change feed, no costs of queries, no log.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import fastify from 'fastify';
import { jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import mercurius from 'mercurius';
import { pool } from '../shared/key-queries.mjs';

const { PORT, TOKEN_SECRET, PEPPER, VERIFICATION_MEMORY = '50000' } = process.env;
const LEVELS = ['ORGANIZATION', 'ACCOUNT', 'WIDGET', 'ENVIRONMENT'];
const TTL_MS = 300_000;
const MEMORY = Number(VERIFICATION_MEMORY);

const schema = `
  enum Level { ORGANIZATION ACCOUNT WIDGET ENVIRONMENT }
  input ResourceInput { level: Level! id: ID! }
  input VerifyApiKeyInput { secretKey: String! resource: ResourceInput cost: Int fresh: Boolean }
  type Query { ready: Boolean! }
  type Mutation { verifyApiKey(input: VerifyApiKeyInput!): VerifyApiKeyPayload! }
  type VerifyApiKeyPayload { verification: Verification }
  type Verification { valid: Boolean! code: String! apiKey: VerifiedApiKey grantedBy: GrantedBy }
  type VerifiedApiKey { id: ID! name: String! organizationId: ID! scope: VerifiedScope! }
  type VerifiedScope { organizationId: ID accountIds: [ID!]! widgetIds: [ID!]! environmentIds: [ID!]! }
  type GrantedBy { grant: Grant! }
  type Grant { level: Level! resourceId: ID! }
`;

const tokens = new LRUCache({ max: 10_000, ttl: 60_000 });
const keys = new LRUCache({ max: MEMORY, ttl: TTL_MS });
const paths = new LRUCache({ max: MEMORY, ttl: TTL_MS });
const secret = new TextEncoder().encode(TOKEN_SECRET);
const pepper = Buffer.from(PEPPER, 'base64');

async function scopeOfToken(authorization) {
  const digest = createHash('sha256').update(authorization).digest('base64');
  const known = tokens.get(digest);
  if (known !== undefined) return known;
  const { payload } = await jwtVerify(authorization.replace('Bearer ', ''), secret, {
    algorithms: ['HS256'],
  });
  tokens.set(digest, payload.scope);
  return payload.scope;
}

async function keyOf(selector) {
  const known = keys.get(selector);
  if (known !== undefined) return known;
  const [rows] = await pool.query(
    `SELECT s.digest, k.id, k.name, k.organization_id AS organizationId, k.expires_at AS expiresAt,
       k.disabled_at AS disabledAt, k.revoked_at AS revokedAt, g.level, g.resource_id AS resourceId
     FROM api_key_secrets s JOIN api_keys k ON k.id = s.api_key_id LEFT JOIN api_key_grants g ON g.api_key_id = k.id
     WHERE s.selector = ? ORDER BY g.resource_id`,
    [selector],
  );
  if (rows.length === 0) return null;
  const idsAt = (level) => rows.filter((row) => row.level === level).map((row) => row.resourceId);
  const scope = {
    organizationId: idsAt(0)[0] ?? null,
    accountIds: idsAt(1),
    widgetIds: idsAt(2),
    environmentIds: idsAt(3),
  };
  const key = { ...rows[0], scope, granted: new Set(rows.map((row) => row.resourceId)) };
  keys.set(selector, key);
  return key;
}

async function pathOf(id) {
  const known = paths.get(id);
  if (known !== undefined) return known;
  const [rows] = await pool.query(
    `SELECT r0.id AS id0, r0.level AS level, r1.id AS id1, r2.id AS id2, r3.id AS id3 FROM resources r0
     LEFT JOIN resources r1 ON r1.id = r0.parent_id LEFT JOIN resources r2 ON r2.id = r1.parent_id
     LEFT JOIN resources r3 ON r3.id = r2.parent_id WHERE r0.id = ?`,
    [id],
  );
  const path = rows.flatMap(({ level, id0, id1, id2, id3 }) =>
    [id0, id1, id2, id3]
      .filter(Boolean)
      .map((resourceId, steps) => ({ level: LEVELS[level - steps], resourceId })),
  );
  paths.set(id, path);
  return path;
}

const refused = (code) => ({ valid: false, code, apiKey: null, grantedBy: null });

async function verify({ secretKey, resource }) {
  const [, selector] = secretKey.split('_');
  const key = await keyOf(selector);
  const digest = createHmac('sha256', pepper).update(secretKey).digest('hex');
  if (key === null || !timingSafeEqual(Buffer.from(digest), Buffer.from(key.digest)))
    return refused('NOT_FOUND');
  if (key.revokedAt !== null) return refused('REVOKED');
  if (key.disabledAt !== null) return refused('DISABLED');
  if (key.expiresAt !== null && key.expiresAt <= Date.now()) return refused('EXPIRED');
  const grant = (await pathOf(resource.id)).find(({ resourceId }) => key.granted.has(resourceId));
  if (grant === undefined) return refused('OUT_OF_SCOPE');
  return { valid: true, code: 'VALID', apiKey: key, grantedBy: { grant } };
}

const app = fastify();
app.register(mercurius, {
  schema,
  resolvers: {
    Mutation: {
      verifyApiKey: async (_root, { input }, { scope }) => {
        if (!scope.includes('api-keys:verify')) throw new Error('Forbidden');
        return { verification: await verify(input) };
      },
    },
  },
  jit: 1,
  context: async (request) => ({ scope: await scopeOfToken(request.headers.authorization) }),
});
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
