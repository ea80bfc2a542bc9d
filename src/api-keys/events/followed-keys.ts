import type { Membership } from '../../auth/principal';
import { readMemberships } from '../../auth/membership-repository';
import { chunksOf } from '../../database/chunks';
import type { Database } from '../../database/database';
import { allOf, isIn, selectList, sql } from '../../database/sql';
import { API_KEY_COLUMNS, type ApiKey } from '../api-key';
import { WITHIN_MEMBERSHIP } from '../api-key-filter';

/** The memberships that users have in organizations. */
export async function membershipsOf(
  database: Database,
  userIds: readonly string[],
  organizationIds: readonly string[],
): Promise<readonly Membership[]> {
  const found: Membership[] = [];
  for (const users of chunksOf(userIds)) {
    for (const organizations of chunksOf(organizationIds)) {
      const where = allOf([isIn('m.user_id', users), isIn('m.organization_id', organizations)]);
      found.push(...(await readMemberships(database, where)));
    }
  }
  return found;
}

/** The keys of some ids, whoever may read them: that is for the caller to find out before anybody is told. */
export async function keysOf(database: Database, ids: readonly string[]): Promise<readonly ApiKey[]> {
  const found: ApiKey[] = [];
  for (const part of chunksOf(ids)) {
    const where = isIn('k.id', part);
    const statement = `SELECT ${selectList(API_KEY_COLUMNS)} FROM api_keys k WHERE ${where.text}`;
    found.push(...(await database.rows<ApiKey>(statement, where.values)));
  }
  return found;
}

/** A key that lies within what a membership is narrowed to. */
interface Within {
  readonly membershipId: string;
  readonly apiKeyId: string;
}

/** Which of the keys lie within what each of the memberships is narrowed to. */
export async function keysWithin(
  database: Database,
  membershipIds: readonly string[],
  keyIds: readonly string[],
): Promise<(membershipId: string, apiKeyId: string) => boolean> {
  const pairs = new Set<string>();
  for (const memberships of chunksOf(membershipIds)) {
    for (const keys of chunksOf(keyIds)) {
      const where = allOf([isIn('m.id', memberships), isIn('k.id', keys), sql(WITHIN_MEMBERSHIP)]);
      const rows = await database.rows<Within>(
        'SELECT m.id AS membershipId, k.id AS apiKeyId FROM memberships m ' +
          `JOIN api_keys k ON k.organization_id = m.organization_id WHERE ${where.text}`,
        where.values,
      );
      for (const { membershipId, apiKeyId } of rows) pairs.add(`${membershipId} ${apiKeyId}`);
    }
  }
  return (membershipId, apiKeyId) => pairs.has(`${membershipId} ${apiKeyId}`);
}
