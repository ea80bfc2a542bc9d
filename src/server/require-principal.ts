import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { unauthenticated } from '../shared/errors';
import { requestError } from './graphql-errors';
import type { RequestContext } from './request-context';

/**
 * Refuses operations of callers without a credential, whatever field they ask for. Only the schema itself is open: where
 * introspection is on, and to whoever the subgraph is open to.
 */
export function requirePrincipal({
  contextValue,
  document,
  operation,
}: {
  readonly contextValue: Pick<RequestContext, 'principal' | 'requestId'>;
  readonly document: DocumentNode;
  readonly operation?: OperationDefinitionNode;
}): void {
  if (contextValue.principal !== null) return;
  if (operation !== undefined && asksOnlyForSchema(operation.selectionSet, document)) return;
  throw requestError(unauthenticated(), contextValue.requestId);
}

function asksOnlyForSchema({ selections }: SelectionSetNode, document: DocumentNode): boolean {
  return selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return isSchema(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return asksOnlyForSchema(selection.selectionSet, document);
    const fragment = document.definitions.find(
      (definition): definition is FragmentDefinitionNode =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment !== undefined && asksOnlyForSchema(fragment.selectionSet, document);
  });
}

function isSchema(field: string): boolean {
  return field.startsWith('__') || field === '_service';
}
