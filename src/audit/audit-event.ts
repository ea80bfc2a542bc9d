import type { Principal } from '../auth/principal';

/** Everything that is recorded. */
export const AUDIT_ACTIONS = [
  'API_KEY_CREATED',
  'API_KEY_IMPORTED',
  'API_KEY_UPDATED',
  'API_KEY_DISABLED',
  'API_KEY_ENABLED',
  'API_KEY_ROTATED',
  'API_KEY_ROTATION_ENDED',
  'API_KEY_REVOKED',
  'API_KEY_LEAKED',
  'ORGANIZATION_CREATED',
  'ORGANIZATION_DELETED',
  'RESOURCE_CREATED',
  'RESOURCE_RENAMED',
  'RESOURCE_MOVED',
  'RESOURCE_DELETED',
  'RESOURCES_SYNCED',
  'MEMBERSHIP_ADDED',
  'MEMBERSHIP_CHANGED',
  'MEMBERSHIP_REMOVED',
  'POLICY_UPDATED',
  'WEBHOOK_ENDPOINT_ADDED',
  'WEBHOOK_ENDPOINT_REMOVED',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const SUBJECT_KINDS = ['API_KEY', 'RESOURCE', 'MEMBERSHIP', 'POLICY', 'WEBHOOK_ENDPOINT'] as const;

export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** Who did something: a caller, or this program by itself. */
export type ActorKind = Principal['kind'] | 'SYSTEM';
