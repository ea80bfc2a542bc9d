import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { MakeChange } from '../audit/change';
import type { Permissions } from '../auth/authorize';
import type { ResourceNode } from '../resources/resource-node';
import { Organization } from '../resources/resource-types';
import { parseId } from '../shared/ids';
import { answer } from '../shared/payload';
import type { OrganizationPolicy } from './organization-policy';
import type { PolicyRepository } from './policy-repository';
import {
  OrganizationPolicyType,
  UpdateOrganizationPolicyInput,
  UpdateOrganizationPolicyPayload,
} from './policy-types';
import { updateOrganizationPolicy } from './update-organization-policy';

/** What the resolvers of policies need of a request. */
export interface PolicyContext {
  readonly permissions: Permissions;
  readonly policies: PolicyRepository;
  readonly change: MakeChange;
}

@Resolver(() => Organization)
export class PolicyResolver {
  @FieldResolver(() => OrganizationPolicyType, {
    nullable: true,
    description: 'The limits that the organization sets to its API keys; null for who is not a member of it.',
  })
  async policy(
    @Root() organization: ResourceNode,
    @Ctx() { permissions, policies }: PolicyContext,
  ): Promise<OrganizationPolicy | null> {
    return permissions.may('policy:read', organization.id) ? policies.find(organization.id) : null;
  }

  @Mutation(() => UpdateOrganizationPolicyPayload, {
    description: 'Changes the limits that an organization sets to its API keys. For owners.',
  })
  async updateOrganizationPolicy(
    @Arg('input', () => UpdateOrganizationPolicyInput, { description: 'What shall be changed.' })
    { organizationId, ...limits }: UpdateOrganizationPolicyInput,
    @Ctx() { change }: PolicyContext,
  ): Promise<UpdateOrganizationPolicyPayload> {
    const update = { organizationId: parseId(organizationId, 'input.organizationId'), ...limits };
    return answer(() => change(async (open) => ({ policy: await updateOrganizationPolicy(open, update) })));
  }
}
