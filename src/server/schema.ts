import { isInterfaceType, lexicographicSortSchema, type GraphQLSchema } from 'graphql';
import { buildSchemaSync, getMetadataStorage, type NonEmptyArray, type PubSub } from 'type-graphql';
import { ApiKeyMutations } from '../api-keys/changing/api-key-mutations';
import { ApiKeyEventResolver } from '../api-keys/events/api-key-event-resolver';
import { ApiKeyResolver } from '../api-keys/api-key-resolver';
import { KeysBeyondMakerResolver } from '../api-keys/keys-beyond-maker-resolver';
import { ImportMutation } from '../api-keys/importing/import-mutation';
import { LimitsResolver } from '../api-keys/limits/limits-resolver';
import { REACHING_KEYS_RESOLVERS } from '../api-keys/reaching-keys-resolvers';
import { SCOPE_RESOLVERS } from '../api-keys/scope-resolvers';
import { AUDIT_RESOLVERS } from '../audit/audit-event-resolvers';
import { PolicyResolver } from '../policies/policy-resolvers';
import { MEMBERSHIP_RESOLVERS } from '../people/membership-resolvers';
import { PeopleMutations } from '../people/people-mutations';
import { ResourceMutations } from '../resources/resource-mutations';
import { RESOURCE_RESOLVERS } from '../resources/resource-resolvers';
import { SyncMutation } from '../resources/syncing/sync-mutation';
import { EXPLANATION_RESOLVERS } from '../verification/explain/explanation-resolvers';
import { ADVICE_RESOLVERS } from '../verification/usage/scope-advice-resolvers';
import { USAGE_RESOLVERS } from '../verification/usage/usage-resolvers';
import { VerificationMutations } from '../verification/verification-mutations';
import { ViewerResolver } from '../viewer/viewer-resolvers';
import { WEBHOOK_RESOLVERS } from '../webhooks/webhook-resolvers';
import { describeRoots } from './describe-roots';
import { callResolversDirectly } from './direct-resolvers';
import { buildSubgraph, type Subgraph } from './federation/build-subgraph';
import { scopegateFederation, type SubgraphOptions } from './federation/scopegate-federation';
import { NodeResolver } from './node-resolver';
import { nodeTypeName } from './node-type-name';

type ResolverClass = new () => object;

const RESOLVERS: NonEmptyArray<ResolverClass> = [
  NodeResolver,
  ViewerResolver,
  ...RESOURCE_RESOLVERS,
  ResourceMutations,
  SyncMutation,
  ...MEMBERSHIP_RESOLVERS,
  PeopleMutations,
  ApiKeyResolver,
  ApiKeyMutations,
  ApiKeyEventResolver,
  ImportMutation,
  LimitsResolver,
  ...SCOPE_RESOLVERS,
  ...REACHING_KEYS_RESOLVERS,
  KeysBeyondMakerResolver,
  PolicyResolver,
  ...AUDIT_RESOLVERS,
  ...WEBHOOK_RESOLVERS,
  VerificationMutations,
  ...USAGE_RESOLVERS,
  ...ADVICE_RESOLVERS,
  ...EXPLANATION_RESOLVERS,
];

/** Subscriptions have sources of their own; type-graphql asks for a common one all the same. */
const NO_TOPICS: PubSub = {
  publish: () => undefined,
  subscribe: (topic) => {
    throw new Error(`There is no topic ${topic}.`);
  },
};

/** The schema of the gateway, in an order that does not depend on that of the code. */
export function createSchema(): GraphQLSchema {
  // What is a property of the same name needs no function to be read.
  for (const field of getMetadataStorage().fields) field.simple ??= field.name === field.schemaName;
  // Inputs are checked where they are read, with errors of our own: see `parseId` and `parsePage`.
  const schema = lexicographicSortSchema(
    buildSchemaSync({ resolvers: RESOLVERS, validate: false, pubSub: NO_TOPICS }),
  );
  callResolversDirectly(schema);
  describeRoots(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    // Told at once: type-graphql would only promise it.
    if (isInterfaceType(type)) type.resolveType = nodeTypeName;
  }
  return schema;
}

/** The same as a subgraph, for routers that compose it with others. */
export function createSubgraph(options: SubgraphOptions): Subgraph {
  const schema = createSchema();
  return buildSubgraph(schema, scopegateFederation(schema, options));
}
