import { RESOURCE_TYPES } from '../resources/resource-types';
import type { Level } from '../scopes';

/**
 * The name of the type of a resource or of a key, wherever the schema names none: in interfaces, and for routers. Only
 * resources have a level.
 */
export function nodeTypeName({ level }: { readonly level?: Level }): string {
  return level === undefined ? 'ApiKey' : RESOURCE_TYPES[level].type.name;
}
