import type { ChangeFeed } from '../change-feed/change-feed';
import type { Stopwatch } from '../change-feed/stopwatch';
import { loadByTurn } from '../database/batch-by-turn';
import type { Database } from '../database/database';
import { serviceUnavailable } from '../shared/errors';
import { Facts, followPath, type KeyFacts, type Place, type Wanted } from './facts';
import type { Memory } from './memory';
import { readKeys, readPlaces } from './read-facts';

export interface FactSourceParts {
  readonly database: Database;
  readonly feed: ChangeFeed;
  readonly memory: Memory;
  readonly stopwatch: Stopwatch;
  /** How old facts may be when they are answered with. */
  readonly maxStalenessMs: number;
}

/** How often facts are read that change while they are being read, or that come too late to be answered with. */
const MAX_ATTEMPTS = 5;

/** How long a reading may take where nothing is to be remembered. */
const UNREMEMBERED_READING_MS = 1000;

/** For how many requests, of which each can want the facts of a hundred questions, one statement reads. */
const MAX_REQUESTS = 25;

/** What was read together. */
interface ReadTogether {
  readonly position: number | null;
  readonly keys: readonly KeyFacts[];
  readonly places: readonly Place[];
}

/**
 * Brings facts that were all so at one moment, less than `maxStalenessMs` ago. What requests want that come in one turn of
 * the event loop is read together.
 *
 * From memory while the change feed is fresh: what is remembered was so at the position that has been read to. Else from
 * the database, in readings that tell the position at which they were made: those of one position belong together. Facts
 * of different moments never meet: a key as it was before a change, and the tree as it is after it, could allow what was
 * allowed at no time.
 */
export class FactSource {
  private readonly relying = loadByTurn(
    (wanted: readonly Wanted[]) => this.readAll(wanted, false),
    MAX_REQUESTS,
  );
  private readonly anew = loadByTurn((wanted: readonly Wanted[]) => this.readAll(wanted, true), MAX_REQUESTS);

  constructor(private readonly parts: FactSourceParts) {}

  /** What is remembered, to be used at once: a moment later it can be something else. Null when the feed is not fresh. */
  get remembered(): Memory | null {
    return this.parts.feed.isFresh ? this.parts.memory : null;
  }

  /**
   * The facts from the database, as far as they are not remembered.
   *
   * @param anew whether to rely on nothing that is remembered
   * @throws ApiError SERVICE_UNAVAILABLE when the database does not answer in time
   */
  async read(wanted: Wanted, anew: boolean): Promise<Facts> {
    return (anew ? this.anew : this.relying).load(wanted);
  }

  /** The same facts for each of those who want some of them. */
  private async readAll(wanted: readonly Wanted[], anew: boolean): Promise<readonly Facts[]> {
    const { feed } = this.parts;
    const all = {
      selectors: [...new Set(wanted.flatMap(({ selectors }) => selectors))],
      resourceIds: [...new Set(wanted.flatMap(({ resourceIds }) => resourceIds))],
    };
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const facts = await this.attempt(all, attempt === 1 && !anew && feed.isFresh);
      if (facts !== null) return wanted.map(() => facts);
    }
    throw serviceUnavailable(new Error('What was read kept changing, or came too late.'));
  }

  /**
   * Null when nothing could be read together, or when something was changed since what is relied upon was so: then the two do
   * not belong together.
   */
  private async attempt(wanted: Wanted, reliesOnMemory: boolean): Promise<Facts | null> {
    const facts = new Facts();
    const remembered = this.snapshot();
    const missing = reliesOnMemory ? this.recall(wanted, facts) : wanted;
    const read = await this.readTogether(missing);
    if (read === null) return null;
    if (this.isOf(remembered, read)) this.remember(missing, read);
    else if (reliesOnMemory) return null;
    addFacts(facts, missing, read);
    return facts;
  }

  /** Adds what is remembered to the facts, and returns what is not. */
  private recall({ selectors, resourceIds }: Wanted, facts: Facts): Wanted {
    const { memory } = this.parts;
    return {
      selectors: selectors.filter((selector) => {
        const key = memory.key(selector);
        if (key !== undefined) facts.addKey(selector, key);
        return key === undefined;
      }),
      resourceIds: resourceIds.filter((id) => {
        const path = memory.path(id);
        if (path !== undefined) facts.addPath(id, path);
        return path === undefined;
      }),
    };
  }

  /** Null when the readings were of different positions, or when it took too long to answer with them. */
  private async readTogether({ selectors, resourceIds }: Wanted): Promise<ReadTogether | null> {
    const { database, stopwatch, maxStalenessMs } = this.parts;
    const startedAt = stopwatch.now();
    const readingMs = maxStalenessMs === 0 ? UNREMEMBERED_READING_MS : maxStalenessMs;
    const door = database.within(readingMs);
    const [keys, places] = await Promise.all([
      selectors.length === 0 ? null : readKeys(door, selectors),
      resourceIds.length === 0 ? null : readPlaces(door, resourceIds),
    ]);
    if (stopwatch.millisecondsSince(startedAt) >= readingMs) return null;
    if (keys !== null && places !== null && keys.position !== places.position) return null;
    const position = keys?.position ?? places?.position ?? null;
    return { position, keys: keys?.items ?? [], places: places?.items ?? [] };
  }

  private remember({ selectors, resourceIds }: Wanted, { keys, places }: ReadTogether): void {
    this.parts.memory.rememberKeys(selectors, keys);
    this.parts.memory.rememberPlaces(resourceIds, places);
  }

  private snapshot(): { readonly position: number | null; readonly version: number } {
    return { position: this.parts.feed.position, version: this.parts.memory.version };
  }

  /**
   * Whether what was read belongs to what is remembered, now as before it was read. When it is newer, the feed is read at
   * once: until then, nothing could be remembered.
   */
  private isOf(before: ReturnType<FactSource['snapshot']>, read: ReadTogether): boolean {
    const { feed, memory } = this.parts;
    if (read.position !== feed.position) feed.wake();
    const unchanged = feed.position === before.position && memory.version === before.version;
    return unchanged && read.position === before.position && feed.isFresh;
  }
}

function addFacts(facts: Facts, { selectors, resourceIds }: Wanted, { keys, places }: ReadTogether): void {
  const keysBySelector = new Map(keys.map((key) => [key.selector, key]));
  for (const selector of selectors) facts.addKey(selector, keysBySelector.get(selector) ?? null);
  const placesById = new Map(places.map((place) => [place.id, place]));
  for (const id of resourceIds)
    facts.addPath(
      id,
      followPath(id, (next) => placesById.get(next)),
    );
}
