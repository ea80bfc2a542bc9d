import { loadOne } from '../database/batch-by-key';
import type { Database, RowSource } from '../database/database';
import { isIn } from '../database/sql';
import type { Transaction } from '../database/transaction';
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

const SELECT =
  'SELECT p.organization_id AS organizationId, p.widest_depth AS widestDepth, p.expiry_required AS expiryRequired, ' +
  'p.max_lifetime_seconds AS maxLifetimeSeconds, p.max_active_keys AS maxActiveKeys, p.key_makers AS keyMakers ' +
  'FROM organization_policies p';

/** The policies of organizations, for one request: those that are asked for together are read together. */
export class PolicyRepository {
  private readonly stored = loadOne<OrganizationPolicy>(
    (organizationIds) => findPolicies(this.database, organizationIds),
    ({ organizationId }) => organizationId,
  );

  constructor(private readonly database: Database) {}

  /** The policy of an organization, or what holds without one. */
  async find(organizationId: string): Promise<OrganizationPolicy> {
    return (await this.stored.load(organizationId)) ?? defaultPolicy(organizationId);
  }

  /** Forgets what has been read, since it has been changed. */
  forget(): void {
    this.stored.clearAll();
  }
}

/** The policy of an organization, or what holds without one. */
export async function policyOf(source: RowSource, organizationId: string): Promise<OrganizationPolicy> {
  const [policy] = await findPolicies(source, [organizationId]);
  return policy ?? defaultPolicy(organizationId);
}

/**
 * The policy that an organization has set, if it has set one. Nobody else can change it, or set the first one, until the
 * transaction ends: whoever does so takes turns on the organization's row.
 */
export async function lockPolicy(
  transaction: Transaction,
  organizationId: string,
): Promise<OrganizationPolicy | null> {
  await transaction.lockedRows('SELECT id FROM resources WHERE id = ?', [organizationId]);
  // Locked too, since a plain read would show the policy as it was when the transaction began.
  const rows = await transaction.lockedRows<PolicyRow>(`${SELECT} WHERE p.organization_id = ?`, [
    organizationId,
  ]);
  return rows.map(toPolicy)[0] ?? null;
}

/** The policies of the organizations that have set one. */
async function findPolicies(
  source: RowSource,
  organizationIds: readonly string[],
): Promise<OrganizationPolicy[]> {
  const where = isIn('p.organization_id', organizationIds);
  const rows = await source.rows<PolicyRow>(`${SELECT} WHERE ${where.text}`, where.values);
  return rows.map(toPolicy);
}

function toPolicy({ widestDepth, expiryRequired, ...rest }: PolicyRow): OrganizationPolicy {
  return { ...rest, widestGrant: levelAt(widestDepth), expiryRequired: expiryRequired === 1 };
}
