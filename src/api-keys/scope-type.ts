import { Extensions, Field, ID, ObjectType } from 'type-graphql';
import { RESOURCE_TYPES, type Resource } from '../resources/resource-types';
import type { Breadth, Level } from '../scopes';
import { CHARGED_ABOVE } from '../shared/charged-above';
import { ScopeBreadth } from './api-key-enums';

/** How many entries a list of a scope is taken to have when the cost of a query is estimated. */
const TYPICAL_GRANTS = 5;

const ADVICE: Record<Level, string> = {
  ORGANIZATION: 'VERY wide: it covers everything in the organization. Not recommended in most cases.',
  ACCOUNT: 'Wide: each covers all widgets and environments of the account. Not recommended.',
  WIDGET: 'Fairly wide: each covers all environments of the widget. Not recommended.',
  ENVIRONMENT: 'Narrow. Recommended.',
};

/** The organization, as an id or as a resource. */
const WHOLE = {
  nullable: true,
  description: `The organization, if it is granted as a whole. ${ADVICE.ORGANIZATION}`,
};

/** The face of `KeyScope` in the schema. */
@ObjectType('Scope', {
  description:
    'What an API key may touch. A scope covers a resource when it grants the resource itself or any of its ancestors. ' +
    'Grants add up, and a scope without grants covers nothing. The lists of resources hold those that you may read, ' +
    'the lists of ids all.',
})
export class ScopeType {
  @Field(() => ScopeBreadth, { description: 'How wide the scope is: the level of its widest grant.' })
  readonly breadth: Breadth;

  @Field(() => ID, WHOLE)
  readonly organizationId: string | null;

  @Field(() => RESOURCE_TYPES.ORGANIZATION.type, WHOLE)
  readonly organization: Resource | null;

  @GrantedIds('ACCOUNT')
  readonly accountIds: readonly string[];

  @GrantedIds('WIDGET')
  readonly widgetIds: readonly string[];

  @GrantedIds('ENVIRONMENT')
  readonly environmentIds: readonly string[];

  @Granted('ACCOUNT')
  readonly accounts: readonly Resource[];

  @Granted('WIDGET')
  readonly widgets: readonly Resource[];

  @Granted('ENVIRONMENT')
  readonly environments: readonly Resource[];
}

/** A list of what is granted at a level, as ids. */
function GrantedIds(level: Level): PropertyDecorator {
  const description = `The ids of the granted ${RESOURCE_TYPES[level].many}. ${ADVICE[level]}`;
  return listField(() => [ID], { description });
}

/** A list of what is granted at a level, as resources. */
function Granted(level: Level): PropertyDecorator {
  const { type, many } = RESOURCE_TYPES[level];
  return listField(() => [type], {
    complexity: ({ childComplexity }) => 1 + TYPICAL_GRANTS * childComplexity,
    description: `The granted ${many} that you may read. ${ADVICE[level]}`,
  });
}

function listField(...field: Parameters<typeof Field>): PropertyDecorator {
  return (prototype, property) => {
    Field(...field)(prototype, property);
    Extensions({ [CHARGED_ABOVE]: true })(prototype, property);
  };
}
