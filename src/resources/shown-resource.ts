import type { Permissions } from '../auth/authorize';
import { onceFor } from '../shared/once-for';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import { pathOf, type ResourceNode } from './resource-node';

/**
 * A resource as it is shown to a caller who may read it, with what is above it under the names of the fields that show that.
 * A page shows hundreds of resources: to call a function for each that is above one of them would be a twelfth of its time.
 */
export interface ShownResource extends ResourceNode {
  /** The one right above, if that is what it is, and the caller may read it. */
  readonly organization: ShownResource | null;
  readonly account: ShownResource | null;
  readonly widget: ShownResource | null;
}

interface Caller {
  readonly permissions: Permissions;
}

/** The resource if the caller may read it, else null, as for a resource that does not exist. */
export function readable(resource: ResourceNode | null, caller: Caller): ShownResource | null {
  return resource !== null && caller.permissions.mayReadResource(pathOf(resource))
    ? shown(resource, caller)
    : null;
}

/** The same for a resource that may have to be waited for. */
export function readableOnceFound(
  resource: MaybePromise<ResourceNode | null>,
  caller: Caller,
): MaybePromise<ShownResource | null> {
  return whenReady(resource, (found) => readable(found, caller));
}

/** A resource that is known to be one that the caller may read. */
export function shown(resource: ResourceNode, caller: Caller): ShownResource {
  const organization = pathOf(resource).at(-1) ?? resource;
  return caller.permissions.mayReadAllOf(organization.id)
    ? shownWhole(resource)
    : below(resource, readable(resource.parent, caller));
}

/** A resource as it is shown to all who may read all of its organization. */
export const shownWhole: (resource: ResourceNode) => ShownResource = onceFor((resource) =>
  below(resource, resource.parent && shownWhole(resource.parent)),
);

function below(resource: ResourceNode, parent: ShownResource | null): ShownResource {
  const { id, level, organizationId, name, slug, createdAt, modifiedAt } = resource;
  // Spelled out rather than spread: what V8 adds to a copy is slow to read for as long as the copy lives.
  return {
    id,
    level,
    organizationId,
    name,
    slug,
    createdAt,
    modifiedAt,
    parent: resource.parent,
    organization: parent?.level === 'ORGANIZATION' ? parent : null,
    account: parent?.level === 'ACCOUNT' ? parent : null,
    widget: parent?.level === 'WIDGET' ? parent : null,
  };
}
