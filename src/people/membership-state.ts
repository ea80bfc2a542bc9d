import type { AuditAction } from '../audit/audit-event';
import type { Occurrence } from '../audit/change';
import type { Membership } from '../auth/principal';

/** That something was done to a membership. */
export function membershipOccurrence(
  action: AuditAction,
  before: Membership | null,
  after: Membership | null,
): Occurrence {
  const membership = after ?? before;
  if (membership === null) throw new Error('Nothing was done to a membership.');
  const { id, organizationId } = membership;
  const subject = { kind: 'MEMBERSHIP' as const, id };
  return { organizationId, action, subject, before: stateOf(before), after: stateOf(after) };
}

function stateOf(membership: Membership | null): object | null {
  if (membership === null) return null;
  const { userId, role, narrowedTo } = membership;
  return { userId, role, narrowedTo: narrowedTo?.grants ?? null };
}
