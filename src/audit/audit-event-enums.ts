import { registerEnumType } from 'type-graphql';
import type { EnumOf } from '../shared/enum-of';
import {
  AUDIT_ACTIONS,
  SUBJECT_KINDS,
  type ActorKind,
  type AuditAction,
  type SubjectKind,
} from './audit-event';

const ACTION_DESCRIPTIONS: Readonly<Record<AuditAction, string>> = {
  API_KEY_CREATED: 'A key was made.',
  API_KEY_IMPORTED: 'A key that exists elsewhere was brought in.',
  API_KEY_UPDATED: 'What is said of a key, or what it may touch, was changed.',
  API_KEY_DISABLED: 'A key was switched off.',
  API_KEY_ENABLED: 'A key was switched on again.',
  API_KEY_ROTATED: 'A key got a new secret.',
  API_KEY_ROTATION_ENDED: 'The old secret of a rotation was ended before its grace period was over.',
  API_KEY_REVOKED: 'A key was ended for good.',
  API_KEY_LEAKED: 'A key was ended for good, since somebody reported its secret as leaked.',
  ORGANIZATION_CREATED: 'An organization was made.',
  ORGANIZATION_DELETED: 'An organization was deleted, with everything in it.',
  RESOURCE_CREATED: 'An account, a widget or an environment was made.',
  RESOURCE_RENAMED: 'A resource got another name.',
  RESOURCE_MOVED: 'A resource was moved to another parent.',
  RESOURCE_DELETED: 'A resource was deleted, with everything below it.',
  RESOURCES_SYNCED: 'The platform brought resources up to date.',
  MEMBERSHIP_ADDED: 'Somebody became a member of the organization.',
  MEMBERSHIP_CHANGED: 'The role of a member, or what their membership is narrowed to, was changed.',
  MEMBERSHIP_REMOVED: 'Somebody ceased to be a member of the organization.',
  POLICY_UPDATED: 'The limits that the organization sets to its keys were changed.',
  WEBHOOK_ENDPOINT_ADDED: 'An address to tell of events was added.',
  WEBHOOK_ENDPOINT_REMOVED: 'An address to tell of events was removed.',
};

const SUBJECT_DESCRIPTIONS: Readonly<Record<SubjectKind, string>> = {
  API_KEY: 'An API key.',
  RESOURCE: 'An organization, an account, a widget or an environment.',
  MEMBERSHIP: 'A membership of the organization.',
  POLICY: 'The policy of the organization, under the id of the organization.',
  WEBHOOK_ENDPOINT: 'An address to tell of events.',
};

const ACTOR_DESCRIPTIONS: Readonly<Record<ActorKind, string>> = {
  USER: 'A person, with a token.',
  SERVICE: 'A program of the platform, with a token.',
  API_KEY: 'A program of a customer, with a secret key.',
  SYSTEM: 'This service by itself, or on behalf of somebody without a credential.',
};

export const AuditActionEnum = members(AUDIT_ACTIONS);
export const SubjectKindEnum = members(SUBJECT_KINDS);
export const ActorKindEnum = members(['USER', 'SERVICE', 'API_KEY', 'SYSTEM'] satisfies ActorKind[]);

registerEnumType(AuditActionEnum, {
  name: 'AuditAction',
  description: 'What was done.',
  valuesConfig: described(ACTION_DESCRIPTIONS),
});

registerEnumType(SubjectKindEnum, {
  name: 'AuditSubjectKind',
  description: 'What kind of thing it was done to.',
  valuesConfig: described(SUBJECT_DESCRIPTIONS),
});

registerEnumType(ActorKindEnum, {
  name: 'AuditActorKind',
  description: 'What kind of caller it was.',
  valuesConfig: described(ACTOR_DESCRIPTIONS),
});

function members<Member extends string>(names: readonly Member[]): EnumOf<Member> {
  return Object.fromEntries(names.map((name) => [name, name])) as EnumOf<Member>;
}

function described<Member extends string>(descriptions: Readonly<Record<Member, string>>) {
  return Object.fromEntries(
    Object.entries<string>(descriptions).map(([name, description]) => [name, { description }]),
  ) as Record<Member, { description: string }>;
}
