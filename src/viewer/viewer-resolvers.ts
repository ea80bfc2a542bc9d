import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { ApiKey } from '../api-keys/api-key';
import type { ApiKeyContext } from '../api-keys/api-key-resolver';
import { ApiKeyType } from '../api-keys/api-key-types';
import type { Membership, Principal } from '../auth/principal';
import { MembershipType } from '../people/membership-types';
import { ViewerType } from './viewer-types';

/** What the resolvers of the viewer need of a request. */
export interface ViewerContext extends ApiKeyContext {
  readonly principal: Principal | null;
}

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType, { nullable: true, description: 'Who you are, as your credential says.' })
  viewer(@Ctx() { principal }: ViewerContext): Principal | null {
    return principal;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The email address of a user, if the token has one.',
  })
  email(@Root() principal: Principal): string | null {
    return principal.kind === 'USER' ? principal.email : null;
  }

  @FieldResolver(() => [MembershipType], {
    description: 'The places of a user in organizations; none for others.',
  })
  memberships(@Root() principal: Principal): readonly Membership[] {
    return principal.kind === 'USER' ? principal.memberships : [];
  }

  @FieldResolver(() => [String], {
    description:
      'What a service may do: `api-keys:verify`, `resources:sync`, `federation:route`; nothing for others.',
  })
  permissions(@Root() principal: Principal): readonly string[] {
    return principal.kind === 'SERVICE' ? principal.permissions : [];
  }

  @FieldResolver(() => ApiKeyType, {
    nullable: true,
    description: 'The API key that calls; null for others.',
  })
  async apiKey(@Root() principal: Principal, @Ctx() { apiKeys }: ViewerContext): Promise<ApiKey | null> {
    return principal.kind === 'API_KEY' ? apiKeys.find(principal.id) : null;
  }
}
