import mysql from 'mysql2/promise';

export const pool = mysql.createPool({ uri: process.env.DATABASE_URL, connectionLimit: 10, timezone: 'Z' });

/** The organizations of which a user reads all keys. */
export async function organizationsOf(userId) {
  const [rows] = await pool.query(
    "SELECT organization_id AS id FROM memberships WHERE user_id = ? AND role IN ('OWNER', 'ADMIN')",
    [userId],
  );
  return rows.map(({ id }) => id);
}

export async function keysOf(organizationIds, count) {
  const [rows] = await pool.query(
    `SELECT id, name, description, created_at AS createdAt, modified_at AS modifiedAt, creator_id AS creatorId,
       creator_email AS creatorEmail, modified_by AS modifiedBy, organization_id AS organizationId
     FROM api_keys WHERE organization_id IN (?) ORDER BY created_at DESC, id DESC LIMIT ?`,
    [organizationIds, count],
  );
  return rows;
}

/** The grants of each of the keys, in their order. */
export async function grantsOf(keyIds) {
  const [rows] = await pool.query(
    'SELECT api_key_id AS apiKeyId, resource_id AS resourceId, level FROM api_key_grants WHERE api_key_id IN (?)',
    [keyIds],
  );
  const byKey = new Map(keyIds.map((id) => [id, []]));
  for (const row of rows) byKey.get(row.apiKeyId).push(row);
  return keyIds.map((id) => byKey.get(id));
}

/** Each of the resources, in their order. */
export async function resourcesOf(ids) {
  const [rows] = await pool.query(
    `SELECT id, name, slug, parent_id AS parentId, created_at AS createdAt, modified_at AS modifiedAt
     FROM resources WHERE id IN (?)`,
    [ids],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

export const idsAt = (grants, level) =>
  grants.filter((grant) => grant.level === level).map(({ resourceId }) => resourceId);
