import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionTypes } from '../shared/connection';
import { Node } from '../shared/node';
import type { Level } from '../scopes';
import { ResourceLevel } from '../resources/resource-level';
import { DateTimeISO } from '../shared/date-time';

@ObjectType('Grant', {
  description: 'One entry of a scope: a resource that the key may touch, with everything below it.',
})
export class GrantType {
  @Field(() => ResourceLevel, { description: 'The level of the granted resource.' })
  readonly level: Level;

  @Field(() => ID, { name: 'resourceId', description: 'The id of the granted resource.' })
  readonly id: string;
}

@ObjectType('ApiKey', {
  implements: Node,
  description: 'A credential of an organization, with a scope over its resources.',
})
export class ApiKeyType extends Node {
  @Field({ description: 'The name, for people. It need not be unique.' })
  readonly name: string;

  @Field({ description: 'What the key is for, in the words of its maker. It may be empty.' })
  readonly description: string;

  @Field(() => DateTimeISO, { description: 'When the key was made.' })
  readonly createdAt: number;

  @Field(() => DateTimeISO, { description: 'When the key was last changed.' })
  readonly modifiedAt: number;

  @Field(() => DateTimeISO, {
    nullable: true,
    description: 'When the key ends by itself; null: never.',
  })
  readonly expiresAt: number | null;

  @Field(() => DateTimeISO, {
    nullable: true,
    description: 'Since when the key is switched off; null: it is on.',
  })
  readonly disabledAt: number | null;

  @Field(() => DateTimeISO, {
    nullable: true,
    description: 'When the key was ended for good; null: it was not.',
  })
  readonly revokedAt: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why the key was ended for good, in the words of who did it.',
  })
  readonly revocationReason: string | null;

  @Field(() => DateTimeISO, {
    nullable: true,
    description:
      'When a service last found the key to be VALID, which is told some seconds late; null: it never was used.',
  })
  readonly lastUsedAt: number | null;

  @Field({ description: 'The user who made the key.' })
  readonly creatorId: string;

  @Field({ description: 'The email address that the maker had then.' })
  readonly creatorEmail: string;

  @Field({ description: 'The user who last changed the key.' })
  readonly modifiedBy: string;

  @Field(() => ID, { description: 'The organization of the key, in which all of its grants lie.' })
  readonly organizationId: string;

  @Field(() => Int, { description: 'Goes up with every change.' })
  readonly version: number;
}

export const ApiKeyConnection = connectionTypes<ApiKeyType>('ApiKey', () => ApiKeyType).Connection;
export const GrantConnection = connectionTypes<GrantType>('Grant', () => GrantType).Connection;

const reaching = connectionTypes<ApiKeyType>('ResourceApiKey', () => ApiKeyType);
export const ResourceApiKeyEdge = reaching.Edge;
export const ResourceApiKeyConnection = reaching.Connection;
