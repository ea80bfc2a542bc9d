import type { Change } from '../audit/change';
import { depthOf, type Level } from '../scopes';
import { rejected } from '../shared/user-errors';
import { defaultPolicy, type KeyMakers, type OrganizationPolicy } from './organization-policy';
import { OrganizationPolicyEntity } from './organization-policy-entity';
import { lockPolicy } from './policy-repository';

/** What of a policy shall be changed. What is undefined stays as it is; null lifts a limit. */
export interface UpdateOrganizationPolicy {
  readonly organizationId: string;
  readonly widestGrant?: Level | null | undefined;
  readonly expiryRequired?: boolean | null | undefined;
  readonly maxLifetimeSeconds?: number | null | undefined;
  readonly maxActiveKeys?: number | null | undefined;
  readonly keyMakers?: KeyMakers | null | undefined;
}

/**
 * Changes the limits that an organization sets to its keys. They hold for what is made or changed from now on: the keys
 * that there are stay as they are.
 */
export async function updateOrganizationPolicy(
  change: Change,
  { organizationId, ...update }: UpdateOrganizationPolicy,
): Promise<OrganizationPolicy> {
  const { permissions, transaction } = change;
  permissions.requireUser();
  if (!permissions.may('policy:update', organizationId)) {
    const message = 'There is no organization of this id whose policy you may change.';
    throw rejected('NOT_FOUND', message, ['organizationId']);
  }
  checkLimit(update.maxLifetimeSeconds, 'maxLifetimeSeconds', 1);
  checkLimit(update.maxActiveKeys, 'maxActiveKeys', 0);
  const stored = await lockPolicy(transaction, organizationId);
  const before = stored ?? defaultPolicy(organizationId);
  const after = withUpdate(before, update);
  if (JSON.stringify(state(after)) === JSON.stringify(state(before))) return before;
  await write(change, after, stored !== null);
  await change.record([
    {
      organizationId,
      action: 'POLICY_UPDATED',
      subject: { kind: 'POLICY', id: organizationId },
      before: state(before),
      after: state(after),
    },
  ]);
  return after;
}

function checkLimit(limit: number | null | undefined, field: string, least: number): void {
  if (limit == null || limit >= least) return;
  throw rejected('INVALID', `Expected ${least} or more, or null for no limit; got ${limit}.`, [field]);
}

function withUpdate(
  policy: OrganizationPolicy,
  update: Omit<UpdateOrganizationPolicy, 'organizationId'>,
): OrganizationPolicy {
  const unlimited = defaultPolicy(policy.organizationId);
  const chosen = <Value>(given: Value | null | undefined, now: Value, lifted: Value): Value =>
    given === undefined ? now : (given ?? lifted);
  return {
    organizationId: policy.organizationId,
    widestGrant: chosen(update.widestGrant, policy.widestGrant, unlimited.widestGrant),
    expiryRequired: chosen(update.expiryRequired, policy.expiryRequired, unlimited.expiryRequired),
    maxLifetimeSeconds: chosen(update.maxLifetimeSeconds, policy.maxLifetimeSeconds, null),
    maxActiveKeys: chosen(update.maxActiveKeys, policy.maxActiveKeys, null),
    keyMakers: chosen(update.keyMakers, policy.keyMakers, unlimited.keyMakers),
  };
}

async function write(
  { transaction, now }: Change,
  policy: OrganizationPolicy,
  stored: boolean,
): Promise<void> {
  const { organizationId, widestGrant, expiryRequired, maxLifetimeSeconds, maxActiveKeys, keyMakers } =
    policy;
  if (!stored) {
    const limits = { expiryRequired, maxLifetimeSeconds, maxActiveKeys, keyMakers };
    const row = { organizationId, widestDepth: depthOf(widestGrant), ...limits, modifiedAt: now };
    await transaction.insert(OrganizationPolicyEntity, [row]);
    return;
  }
  await transaction.execute(
    'UPDATE organization_policies SET widest_depth = ?, expiry_required = ?, max_lifetime_seconds = ?, ' +
      'max_active_keys = ?, key_makers = ?, modified_at = ? WHERE organization_id = ?',
    [
      depthOf(widestGrant),
      expiryRequired ? 1 : 0,
      maxLifetimeSeconds,
      maxActiveKeys,
      keyMakers,
      now,
      organizationId,
    ],
  );
}

/** What the record of a change holds of a policy. */
function state({
  widestGrant,
  expiryRequired,
  maxLifetimeSeconds,
  maxActiveKeys,
  keyMakers,
}: OrganizationPolicy) {
  return { widestGrant, expiryRequired, maxLifetimeSeconds, maxActiveKeys, keyMakers };
}
