import { subjectOf } from '../shared/caller.mjs';
import { organizationsOf, pool } from '../shared/key-queries.mjs';

/** The organizations of which the bearer of a token reads everything. */
export async function readableOrganizations(authorization) {
  return new Set(await organizationsOf(await subjectOf(authorization)));
}

/** Each of the resources in these organizations, in the order of their ids; null for others. */
export async function resourcesIn(organizationIds, ids) {
  const [rows] = await pool.query(
    `SELECT id, level, name, slug, organization_id AS organizationId, created_at AS createdAt, modified_at AS modifiedAt
     FROM resources WHERE id IN (?)`,
    [ids],
  );
  return inOrder(ids, rows, organizationIds);
}

/** Each of the keys of these organizations, in the order of their ids; null for others. */
export async function keysIn(organizationIds, ids) {
  const [rows] = await pool.query(
    `SELECT id, name, description, organization_id AS organizationId, created_at AS createdAt, modified_at AS modifiedAt
     FROM api_keys WHERE id IN (?)`,
    [ids],
  );
  return inOrder(ids, rows, organizationIds);
}

function inOrder(ids, rows, organizationIds) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = byId.get(id);
    return row !== undefined && organizationIds.has(row.organizationId) ? row : null;
  });
}
