import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql';
import { RESOURCE_TYPES } from '../resources/resource-types';
import { LEVELS } from '../scopes';
import { whenReady, type MaybePromise } from '../shared/when-ready';
import type { ApiKey } from './api-key';
import type { ApiKeyRepository } from './api-key-repository';
import { mostDetailed, type ReadScope, type ScopeDetail } from './scope-reader';

/** The scope of a key, as the resolvers of `Scope` have it for a root. */
export interface KeyScope {
  readonly key: ApiKey;
  /** What is read of it for the fields that are asked for, so that they need not wait; null: nothing. */
  readonly read: ReadScope | null;
}

/** How much of a scope each field shows. A field that is not here reads what it shows by itself. */
const DETAILS: ReadonlyMap<string, ScopeDetail> = new Map<string, ScopeDetail>([
  ['breadth', 'BREADTH'],
  ['organizationId', 'BREADTH'],
  ['organization', 'BREADTH'],
  ...LEVELS.slice(1).flatMap((level): [string, ScopeDetail][] => [
    [`${RESOURCE_TYPES[level].one}Ids`, 'GRANTS'],
    [RESOURCE_TYPES[level].many, 'RESOURCES'],
  ]),
]);

/** Reads of the scope of a key what an operation asks for. */
export function readKeyScope(
  key: ApiKey,
  apiKeys: ApiKeyRepository,
  info: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
): MaybePromise<KeyScope> {
  const detail = detailAsked(info);
  const read = detail === null ? null : apiKeys.readScope(key, detail);
  return whenReady<ReadScope | null, KeyScope>(read, (known) => ({ key, read: known }));
}

/** By the nodes of a field, which are the same for all keys of a list. */
const remembered = new WeakMap<readonly FieldNode[], ScopeDetail | null>();

function detailAsked({ fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>) {
  const known = remembered.get(fieldNodes);
  if (known !== undefined) return known;
  const detail = mostDetailed(detailsAsked(fieldNodes, { fragments }));
  remembered.set(fieldNodes, detail);
  return detail;
}

function detailsAsked(
  nodes: readonly { readonly selectionSet?: SelectionSetNode | undefined }[],
  { fragments }: Pick<GraphQLResolveInfo, 'fragments'>,
): ScopeDetail[] {
  return nodes.flatMap(({ selectionSet }) =>
    (selectionSet?.selections ?? []).flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return detailOf(selection);
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      return fragment === undefined ? [] : detailsAsked([fragment], { fragments });
    }),
  );
}

function detailOf({ name }: FieldNode): readonly ScopeDetail[] {
  const detail = DETAILS.get(name.value);
  return detail === undefined ? [] : [detail];
}
