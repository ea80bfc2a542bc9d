import type { KeyState } from '../api-keys/changing/key-state';
import { scopeIds } from '../api-keys/scope-ids';
import { statusOf } from '../api-keys/api-key-status';
import type { AuditEventEntity } from '../audit/audit-event-entity';
import { Scope } from '../scopes';

/** Something that happened to an API key. */
export interface ApiKeyEvent {
  readonly type: string;
  readonly organizationId: string;
  readonly apiKeyId: string;
  readonly occurredAt: number;
  /** The key as it is since. */
  readonly state: KeyState;
  readonly actor: Actor;
}

/** Who did something. */
export interface Actor {
  readonly kind: AuditEventEntity['actorKind'];
  readonly id: string;
  readonly email: string | null;
}

/** What happens by itself is done by nobody. */
export const SYSTEM: Actor = { kind: 'SYSTEM', id: 'scopegate', email: null };

/** How many grants a message holds, so that it stays small however large the scope is. */
const MAX_GRANTS = 50;

/** The message that tells of an event: all that a receiver needs of the key, without secrets. */
export function toPayload(event: ApiKeyEvent): string {
  const { type, organizationId, apiKeyId, occurredAt, state, actor } = event;
  return JSON.stringify({
    type,
    timestamp: new Date(occurredAt).toISOString(),
    data: {
      organizationId,
      apiKeyId,
      name: state.name,
      status: statusOf(timesOf(state), occurredAt),
      expiresAt: state.expiresAt,
      scope: scopeOf(state),
      actor,
    },
  });
}

function scopeOf({ grants }: KeyState) {
  const scope = new Scope(grants.slice(0, MAX_GRANTS));
  return {
    breadth: new Scope(grants).breadth,
    ...scopeIds(scope),
    truncated: grants.length > MAX_GRANTS,
  };
}

function timesOf({ revokedAt, disabledAt, expiresAt }: KeyState) {
  return {
    revokedAt: milliseconds(revokedAt),
    disabledAt: milliseconds(disabledAt),
    expiresAt: milliseconds(expiresAt),
  };
}

function milliseconds(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}
