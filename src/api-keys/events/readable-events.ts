import { Permissions } from '../../auth/authorize';
import type { UserPrincipal } from '../../auth/principal';
import type { DatedEntry } from '../../change-feed/feed-entry';
import type { Database } from '../../database/database';
import type { ApiKey } from '../api-key';
import { isInRange } from '../key-in-range';
import { isTold, type ApiKeyEvent } from './api-key-event';
import { keysOf, keysWithin } from './followed-keys';

interface Reader {
  readonly organizationId: string;
  readonly principal: UserPrincipal;
}

/** An event of a key, and somebody who may read that key. */
interface ReadableEvent<Some extends Reader> {
  readonly reader: Some;
  readonly event: ApiKeyEvent;
}

/**
 * What each reader may be told of some changes, in their order. It costs a statement for the keys, and one more if there are
 * readers whose membership is narrowed, however many keys and readers there are.
 */
export async function readableEvents<Some extends Reader>(
  database: Database,
  readers: readonly Some[],
  changes: ReadonlyMap<string, readonly DatedEntry[]>,
): Promise<readonly ReadableEvent<Some>[]> {
  const followed = new Set(readers.map(({ organizationId }) => organizationId));
  const entries = [...changes].flatMap(([id, some]) => (followed.has(id) ? some : []));
  const keys = await keysOf(database, [...new Set(entries.map(({ subjectId }) => subjectId))]);
  const keysById = new Map(keys.map((key) => [key.id, key]));
  const narrowed = readers.flatMap((reader) =>
    rangesOf(reader).flatMap((range) => range.withinMembership ?? []),
  );
  const liesWithin = await keysWithin(database, narrowed, [...keysById.keys()]);
  return readers.flatMap((reader) => {
    const ranges = rangesOf(reader);
    const mayRead = (key: ApiKey) =>
      ranges.some((range) => isInRange(key, range, (membershipId) => liesWithin(membershipId, key.id)));
    return (changes.get(reader.organizationId) ?? []).flatMap((entry) => {
      const key = keysById.get(entry.subjectId);
      return key !== undefined && mayRead(key)
        ? toEvents(entry, key).map((event) => ({ reader, event }))
        : [];
    });
  });
}

function rangesOf({ principal, organizationId }: Reader) {
  return new Permissions(principal).readableKeys(organizationId);
}

function toEvents({ action, changedAt }: DatedEntry, apiKey: ApiKey): readonly ApiKeyEvent[] {
  return isTold(action) ? [{ kind: action, occurredAt: changedAt, apiKey }] : [];
}
