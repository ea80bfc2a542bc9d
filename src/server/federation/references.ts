import type { GraphQLFieldResolver } from 'graphql';
import { isRecord } from '../../shared/is-record';
import type { MaybePromise } from '../../shared/when-ready';
import type { Reference } from '../../shared/reference';

/** Finds what a reference means, which is of the type that it names; null when there is nothing that the caller may read, or it is not well-formed. */
export type ResolveReference<Context> = (
  reference: Reference,
  context: Context,
) => MaybePromise<object | null>;

export type ReferenceResolvers<Context> = ReadonlyMap<string, ResolveReference<Context>>;

/**
 * `_entities`. What routers send has passed no type: anything can stand anywhere in it. All references of a request are
 * resolved in one go, so that what they need is read together.
 */
export function resolveReferences<Context>(
  resolvers: ReferenceResolvers<Context>,
): GraphQLFieldResolver<unknown, Context, { representations: readonly unknown[] }> {
  return (_source, { representations }, context) =>
    representations.map((representation) => {
      if (!isRecord(representation)) return null;
      const { __typename: type } = representation;
      const resolve = typeof type === 'string' ? resolvers.get(type) : undefined;
      return resolve?.(representation, context) ?? null;
    });
}
