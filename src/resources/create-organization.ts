import type { Change } from '../audit/change';
import { MembershipEntity } from '../auth/membership-entity';
import { newId } from '../shared/ids';
import { rejected } from '../shared/user-errors';
import { toNode, toRow } from './new-resource';
import { ResourceEntity } from './resource-entity';
import { checkResourceName, checkSlug } from './resource-fields';
import type { ResourceNode } from './resource-node';
import { resourceOccurrence, resourceState } from './resource-state';

export interface CreateOrganization {
  readonly name: string;
  readonly slug: string;
}

/**
 * Makes an organization, with the caller for its owner. Of two at once with the same slug the second fails with a
 * duplicate; run again, it finds the slug taken.
 */
export async function createOrganization(change: Change, input: CreateOrganization): Promise<ResourceNode> {
  const { transaction, permissions, now } = change;
  permissions.requireUser();
  const id = newId();
  const resource = {
    id,
    level: 'ORGANIZATION' as const,
    organizationId: id,
    parentId: null,
    name: checkResourceName(input.name),
    slug: checkSlug(input.slug),
  };
  const taken = await transaction.rows('SELECT id FROM resources WHERE slug = ?', [resource.slug]);
  if (taken.length > 0) throw rejected('TAKEN', 'Another organization has this slug.', ['slug']);
  await transaction.insert(ResourceEntity, [toRow(resource, now)]);
  const organization = toNode(resource, null, now);
  await change.record([
    resourceOccurrence('ORGANIZATION_CREATED', organization, null, resourceState(organization)),
  ]);
  await addOwner(change, organization);
  return organization;
}

async function addOwner(
  { transaction, permissions, record, now }: Change,
  { id: organizationId }: ResourceNode,
): Promise<void> {
  const id = newId();
  const userId = permissions.requireUser().id;
  const times = { createdAt: now, modifiedAt: now };
  const membership = { id, organizationId, userId, role: 'OWNER' as const, narrowed: false, ...times };
  await transaction.insert(MembershipEntity, [membership]);
  await record([
    {
      organizationId,
      action: 'MEMBERSHIP_ADDED',
      subject: { kind: 'MEMBERSHIP', id },
      before: null,
      after: { userId, role: 'OWNER', narrowedTo: null },
    },
  ]);
}
