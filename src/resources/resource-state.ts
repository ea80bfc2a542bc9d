import type { AuditAction } from '../audit/audit-event';
import type { Occurrence } from '../audit/change';
import { pathOf, type ResourceNode } from './resource-node';

/** What the record of a change holds of a resource: its path begins with itself and ends with its organization. */
export function resourceState(resource: ResourceNode): object {
  const { level, name, slug } = resource;
  return { level, name, ...(slug !== null && { slug }), path: pathOf(resource).map(({ id }) => id) };
}

/** That something was done to a resource. */
export function resourceOccurrence(
  action: AuditAction,
  { id, organizationId }: ResourceNode,
  before: object | null,
  after: object | null,
): Occurrence {
  return { organizationId, action, subject: { kind: 'RESOURCE', id }, before, after };
}
