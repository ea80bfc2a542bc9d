import { findRightsOf } from '../auth/membership-repository';
import { Permissions } from '../auth/authorize';
import type { Principal } from '../auth/principal';
import { appendToFeed } from '../change-feed/append-to-feed';
import type { FeedEntry } from '../change-feed/feed-entry';
import { isDuplicate, isMissingReference } from '../database/constraint-errors';
import type { Database } from '../database/database';
import type { Transaction } from '../database/transaction';
import { newId } from '../shared/ids';
import { enqueueDeliveries } from '../webhooks/outbox';
import type { AuditAction, SubjectKind } from './audit-event';
import { AuditEventEntity } from './audit-event-entity';

/** From where a change was asked for. */
export interface Origin {
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

/** Who asks for a change, when and from where. */
export interface Caller {
  readonly principal: Principal | null;
  readonly origin: Origin;
  readonly now: number;
}

/** What is recorded of something that was done. States hold no secrets. */
export interface Occurrence {
  readonly organizationId: string;
  readonly action: AuditAction;
  readonly subject: { readonly kind: SubjectKind; readonly id: string };
  readonly before: object | null;
  readonly after: object | null;
}

/** A change under way: its transaction, the rights of its caller as they are in it, and the record of it. */
export interface Change {
  readonly transaction: Transaction;
  readonly permissions: Permissions;
  readonly now: number;
  readonly record: (occurrences: readonly Occurrence[]) => Promise<void>;
}

/** Makes a change on behalf of a caller that is known already. */
export type MakeChange = <Result>(work: (change: Change) => Promise<Result>) => Promise<Result>;

/** Where changes of this process are told once they are made. */
export interface ChangeListener {
  tell(entries: readonly FeedEntry[]): void;
}

/** How often work is run that others keep being faster than. */
const MAX_ATTEMPTS = 5;

/**
 * Makes a change in one transaction, with the record of what was done, the deliveries that tell of it and its entries in
 * the change feed: all of them are kept, or none.
 *
 * The caller's memberships are read again inside, and locked, so that a right which is being taken away meanwhile is
 * either still there for the whole change, or not at all.
 */
export async function change<Result>(
  database: Database,
  caller: Caller,
  work: (change: Change) => Promise<Result>,
  listener: ChangeListener,
): Promise<Result> {
  const attempt = () =>
    database.transaction(async (transaction) => {
      const principal = await lockedRights(caller.principal, transaction);
      const entries: FeedEntry[] = [];
      const result = await work({
        transaction,
        permissions: new Permissions(principal),
        now: caller.now,
        record: async (occurrences) => {
          await record(transaction, caller, occurrences);
          entries.push(...occurrences.map(toFeedEntry));
        },
      });
      await appendToFeed(transaction, entries, caller.now);
      return { result, entries };
    });
  for (let left = MAX_ATTEMPTS - 1; ; left--) {
    try {
      const { result, entries } = await attempt();
      listener.tell(entries);
      return result;
    } catch (error) {
      // Somebody else was first: with a value that must be unique, or in deleting what the work had read. Run again, the
      // work finds it so, and deals with it; large work may find another to be first again.
      if (left === 0 || !(isDuplicate(error) || isMissingReference(error))) throw error;
    }
  }
}

async function lockedRights(
  principal: Principal | null,
  transaction: Transaction,
): Promise<Principal | null> {
  if (principal?.kind !== 'USER') return principal;
  await transaction.lockedRows('SELECT id FROM memberships WHERE user_id = ? ORDER BY id', [principal.id]);
  return { ...principal, ...(await findRightsOf(transaction, principal.id)) };
}

async function record(
  transaction: Transaction,
  caller: Caller,
  occurrences: readonly Occurrence[],
): Promise<void> {
  const events = occurrences.map((occurrence) => toEvent(occurrence, caller));
  await transaction.insert(AuditEventEntity, events);
  await enqueueDeliveries(transaction, events);
}

function toFeedEntry({ organizationId, action, subject }: Occurrence): FeedEntry {
  return { organizationId, action, subjectId: subject.id };
}

function toEvent(
  { organizationId, action, subject, before, after }: Occurrence,
  caller: Caller,
): AuditEventEntity {
  const { principal, origin, now } = caller;
  return {
    id: newId(),
    organizationId,
    action,
    subjectKind: subject.kind,
    subjectId: subject.id,
    actorKind: principal?.kind ?? 'SYSTEM',
    actorId: principal?.id ?? 'scopegate',
    actorEmail: principal?.kind === 'USER' ? principal.email : null,
    occurredAt: now,
    before: before === null ? null : JSON.stringify(before),
    after: after === null ? null : JSON.stringify(after),
    address: origin.address,
    userAgent: origin.userAgent?.slice(0, 500) ?? null,
    requestId: origin.requestId,
  };
}
