import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { EnumOf } from '../../shared/enum-of';
import { ApiKeyType } from '../api-key-types';
import type { ApiKey } from '../api-key';
import type { ApiKeyEventKind } from './api-key-event';
import { DateTimeISO } from '../../shared/date-time';

const ApiKeyEventKindEnum: EnumOf<ApiKeyEventKind> = {
  REFRESH: 'REFRESH',
  API_KEY_CREATED: 'API_KEY_CREATED',
  API_KEY_IMPORTED: 'API_KEY_IMPORTED',
  API_KEY_UPDATED: 'API_KEY_UPDATED',
  API_KEY_DISABLED: 'API_KEY_DISABLED',
  API_KEY_ENABLED: 'API_KEY_ENABLED',
  API_KEY_ROTATED: 'API_KEY_ROTATED',
  API_KEY_ROTATION_ENDED: 'API_KEY_ROTATION_ENDED',
  API_KEY_REVOKED: 'API_KEY_REVOKED',
  API_KEY_LEAKED: 'API_KEY_LEAKED',
};

registerEnumType(ApiKeyEventKindEnum, {
  name: 'ApiKeyEventKind',
  description:
    'What happened to a key, by the names that the record has for it; or that the list is to be read anew.',
  valuesConfig: {
    REFRESH: {
      description:
        'Read the list of keys anew: you follow it from now on, changes may have been missed, or what you may read has changed.',
    },
    API_KEY_CREATED: { description: 'The key was made.' },
    API_KEY_IMPORTED: { description: 'The key, which exists elsewhere, was brought in.' },
    API_KEY_UPDATED: { description: 'What is said of the key, or what it may touch, was changed.' },
    API_KEY_DISABLED: { description: 'The key was switched off.' },
    API_KEY_ENABLED: { description: 'The key was switched on again.' },
    API_KEY_ROTATED: { description: 'The key got a new secret.' },
    API_KEY_ROTATION_ENDED: {
      description: 'The old secret of a rotation was ended before its grace period was over.',
    },
    API_KEY_REVOKED: { description: 'The key was ended for good.' },
    API_KEY_LEAKED: {
      description: 'The key was ended for good, since somebody reported its secret as leaked.',
    },
  },
});

@ObjectType('ApiKeyEvent', { description: 'Something that happened to the API keys of an organization.' })
export class ApiKeyEventType {
  @Field(() => ApiKeyEventKindEnum, { description: 'What happened.' })
  readonly kind: ApiKeyEventKind;

  @Field(() => DateTimeISO, { description: 'When it happened.' })
  readonly occurredAt: number;

  @Field(() => ApiKeyType, {
    nullable: true,
    description: 'The key as it is now, which may have been changed again since; null for REFRESH.',
  })
  readonly apiKey: ApiKey | null;
}
