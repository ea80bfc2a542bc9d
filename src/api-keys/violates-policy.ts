import { sql, type Fragment } from '../database/sql';

/** A grant that is wider than the policy allows, no expiry where it asks for one, or too long a life. */
const AGAINST =
  'EXISTS (SELECT 1 FROM api_key_grants g WHERE g.api_key_id = k.id AND g.level < p.widest_depth) ' +
  'OR (k.expires_at IS NULL AND (p.expiry_required = 1 OR p.max_lifetime_seconds IS NOT NULL)) ' +
  'OR k.expires_at - k.created_at > p.max_lifetime_seconds * 1000';

const VIOLATES =
  'k.revoked_at IS NULL AND EXISTS (SELECT 1 FROM organization_policies p ' +
  `WHERE p.organization_id = k.organization_id AND (${AGAINST}))`;

/**
 * Whether the keys `k` are against the policy of their organization, by the same rule as `policyViolations` from when they
 * were made. Revoked keys are against none.
 */
export function violatesPolicy(violating: boolean): Fragment {
  return sql(violating ? VIOLATES : `NOT (${VIOLATES})`);
}
