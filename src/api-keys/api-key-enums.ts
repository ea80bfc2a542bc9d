import { registerEnumType } from 'type-graphql';
import { ResourceLevel } from '../resources/resource-level';
import type { Breadth } from '../scopes';
import type { EnumOf } from '../shared/enum-of';
import type { ApiKeyStatus } from './api-key-status';

export const ScopeBreadth: EnumOf<Breadth> = { NONE: 'NONE', ...ResourceLevel };

registerEnumType(ScopeBreadth, {
  name: 'Breadth',
  description: 'How wide a scope is: the level of its widest grant.',
  valuesConfig: {
    NONE: { description: 'No grant: the key is valid for nothing.' },
    ENVIRONMENT: { description: 'Narrow: single environments. Recommended.' },
    WIDGET: { description: 'Fairly wide: every environment of a widget. Not recommended.' },
    ACCOUNT: { description: 'Wide: every widget of an account, with its environments. Not recommended.' },
    ORGANIZATION: {
      description: 'VERY wide: everything in the organization. Not recommended in most cases.',
    },
  },
});

export const KeyStatus: EnumOf<ApiKeyStatus> = {
  ACTIVE: 'ACTIVE',
  DISABLED: 'DISABLED',
  EXPIRED: 'EXPIRED',
  REVOKED: 'REVOKED',
};

registerEnumType(KeyStatus, {
  name: 'ApiKeyStatus',
  description: 'Where an API key is in its life.',
  valuesConfig: {
    ACTIVE: { description: 'The key can be used.' },
    DISABLED: { description: 'The key is switched off, and can be switched on again.' },
    EXPIRED: { description: 'The key has passed its end, which can be moved.' },
    REVOKED: { description: 'The key has been ended for good.' },
  },
});
