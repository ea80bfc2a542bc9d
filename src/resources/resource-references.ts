import type { Level } from '../scopes';
import { toId } from '../shared/ids';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import type { Reference } from '../shared/reference';
import { isSlug } from './resource-fields';
import type { ResourceNode } from './resource-node';
import type { ResourceRepository } from './resource-repository';
import type { ResourceContext } from './resource-resolvers';
import { readable, type ShownResource } from './shown-resource';

/** What a reference to a resource of a level means: by its id, and an organization by its slug too. */
export function resourceReference(level: Level) {
  return (reference: Reference, context: ResourceContext): MaybePromise<ShownResource | null> => {
    return whenReady(found(reference, level, context.resources), (resource) =>
      resource?.level === level ? readable(resource, context) : null,
    );
  };
}

function found(
  { id, slug }: Reference,
  level: Level,
  resources: ResourceRepository,
): MaybePromise<ResourceNode | null> {
  if (id === undefined && level === 'ORGANIZATION') {
    return typeof slug === 'string' && isSlug(slug) ? resources.findBySlug(slug) : null;
  }
  const resourceId = toId(id);
  return resourceId === null ? null : resources.find(resourceId);
}
