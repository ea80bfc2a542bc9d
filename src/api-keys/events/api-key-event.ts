import type { AuditAction } from '../../audit/audit-event';
import type { UserPrincipal } from '../../auth/principal';
import type { ApiKey } from '../api-key';

/** The changes of keys that are told. */
export const TOLD_ACTIONS = [
  'API_KEY_CREATED',
  'API_KEY_IMPORTED',
  'API_KEY_UPDATED',
  'API_KEY_DISABLED',
  'API_KEY_ENABLED',
  'API_KEY_ROTATED',
  'API_KEY_ROTATION_ENDED',
  'API_KEY_REVOKED',
  'API_KEY_LEAKED',
] as const satisfies readonly AuditAction[];

/** A change of a key; or REFRESH: whoever lists keys is to list them anew. */
export type ApiKeyEventKind = (typeof TOLD_ACTIONS)[number] | 'REFRESH';

export interface ApiKeyEvent {
  readonly kind: ApiKeyEventKind;
  readonly occurredAt: number;
  readonly apiKey: ApiKey | null;
}

/** An event, as it is told to one follower. */
export interface ToldEvent {
  readonly event: ApiKeyEvent;
  /** The follower, with the rights that the event was found to be readable by. */
  readonly principal: UserPrincipal;
  /** What was read together: the same object for all events that were met at once. */
  readonly reading: object;
}

export function isTold(action: AuditAction): action is (typeof TOLD_ACTIONS)[number] {
  return (TOLD_ACTIONS as readonly AuditAction[]).includes(action);
}
