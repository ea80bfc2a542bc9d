import { registerEnumType } from 'type-graphql';
import type { Level } from '../scopes';
import type { EnumOf } from '../shared/enum-of';

export const ResourceLevel: EnumOf<Level> = {
  ORGANIZATION: 'ORGANIZATION',
  ACCOUNT: 'ACCOUNT',
  WIDGET: 'WIDGET',
  ENVIRONMENT: 'ENVIRONMENT',
};

registerEnumType(ResourceLevel, {
  name: 'ResourceLevel',
  description: 'The levels of the resource tree. Each resource belongs to one of the level before.',
  valuesConfig: {
    ORGANIZATION: { description: 'A customer of the platform, the root of a tree.' },
    ACCOUNT: { description: 'A part of an organization.' },
    WIDGET: { description: 'A product of an account.' },
    ENVIRONMENT: { description: 'Where a widget runs.' },
  },
});
