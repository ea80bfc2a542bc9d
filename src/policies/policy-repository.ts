import type { RowSource } from '../database/database';
import { isIn } from '../database/sql';
import { levelAt } from '../scopes';
import { defaultPolicy, type KeyMakers, type OrganizationPolicy } from './organization-policy';

interface PolicyRow {
  readonly organizationId: string;
  readonly widestDepth: number;
  readonly expiryRequired: number;
  readonly maxLifetimeSeconds: number | null;
  readonly maxActiveKeys: number | null;
  readonly keyMakers: KeyMakers;
}

/** The policies of the organizations that have set one. */
export async function findPolicies(source: RowSource, organizationIds: readonly string[]): Promise<OrganizationPolicy[]> {
  const where = isIn('p.organization_id', organizationIds);
  const rows = await source.rows<PolicyRow>(
    'SELECT p.organization_id AS organizationId, p.widest_depth AS widestDepth, p.expiry_required AS expiryRequired, ' +
      'p.max_lifetime_seconds AS maxLifetimeSeconds, p.max_active_keys AS maxActiveKeys, p.key_makers AS keyMakers ' +
      `FROM organization_policies p WHERE ${where.text}`,
    where.values,
  );
  return rows.map(({ widestDepth, expiryRequired, ...rest }) => ({
    ...rest,
    widestGrant: levelAt(widestDepth),
    expiryRequired: expiryRequired === 1,
  }));
}

/** The policy of an organization, or what holds without one. */
export async function policyOf(source: RowSource, organizationId: string): Promise<OrganizationPolicy> {
  const [policy] = await findPolicies(source, [organizationId]);
  return policy ?? defaultPolicy(organizationId);
}
