import { Field, ID, InputType } from 'type-graphql';
import type { Grant, Level } from '../../scopes';
import { parseId } from '../../shared/ids';

@InputType({
  description:
    'What a key may touch. Grants add up; all of them must lie in one organization. Grant as little as will do: a scope ' +
    'without grants is allowed, and valid for nothing.',
})
export class ScopeInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The whole organization. VERY wide, not recommended in most cases.',
  })
  readonly organizationId?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Accounts, with all below them. Wide, not recommended.' })
  readonly accountIds?: readonly string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Widgets, with their environments. Fairly wide, not recommended.',
  })
  readonly widgetIds?: readonly string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Environments. Narrow, recommended.' })
  readonly environmentIds?: readonly string[] | null;
}

/** Where in the input each level is named, for errors. */
export const SCOPE_FIELDS: Readonly<Record<Level, keyof ScopeInput>> = {
  ORGANIZATION: 'organizationId',
  ACCOUNT: 'accountIds',
  WIDGET: 'widgetIds',
  ENVIRONMENT: 'environmentIds',
};

/** @throws ApiError BAD_USER_INPUT for an id that does not have the form of one */
export function toGrants(input: ScopeInput): readonly Grant[] {
  const grants = (level: Level, ids: readonly string[]) =>
    ids.map((id) => ({ level, id: parseId(id, `scope.${SCOPE_FIELDS[level]}`) }));
  return [
    ...grants('ORGANIZATION', input.organizationId == null ? [] : [input.organizationId]),
    ...grants('ACCOUNT', input.accountIds ?? []),
    ...grants('WIDGET', input.widgetIds ?? []),
    ...grants('ENVIRONMENT', input.environmentIds ?? []),
  ];
}
