import { Permissions } from '../../auth/authorize';
import type { Membership, UserPrincipal } from '../../auth/principal';
import type { FeedReader } from '../../change-feed/change-feed';
import type { DatedEntry } from '../../change-feed/feed-entry';
import type { Database } from '../../database/database';
import type { Clock } from '../../shared/clock';
import { ApiError } from '../../shared/errors';
import { groupBy } from '../../shared/group-by';
import type { Logger } from '../../shared/logger';
import { isTold, type ApiKeyEvent, type ToldEvent } from './api-key-event';
import { EventQueue } from './event-queue';
import { membershipsOf } from './followed-keys';
import { readableEvents } from './readable-events';

export interface FollowLimits {
  /** How many may follow at once. */
  readonly max: number;
  /** How many of them may be of one user. */
  readonly maxPerUser: number;
}

export interface FollowerParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly limits: FollowLimits;
  readonly logger: Logger;
}

/** Somebody who is told of the changes of an organization's keys. */
interface Follower {
  readonly organizationId: string;
  /** With the membership that the follower was last found to have there. */
  principal: UserPrincipal;
  readonly queue: EventQueue<ToldEvent>;
}

/** How many events wait for a follower that does not take them, and are told of one organization at once. */
const MAX_WAITING = 100;

/** How many changes wait to be told. More are not told one by one. */
const MAX_UNTOLD = 5000;

/**
 * Tells users of the changes of keys, whichever process makes them.
 *
 * For each reading of the feed, the memberships of all who follow what changed are read again, in one statement, and so are
 * the keys. Whoever is no member any more is told nothing but that, and whoever may have missed something, or may
 * read something else than before, is told to list the keys anew.
 */
export class ApiKeyFollowers implements FeedReader {
  private readonly followers = new Set<Follower>();
  private untold: DatedEntry[] = [];
  private missedSome = false;
  private telling = false;
  private stopped = false;

  constructor(private readonly parts: FollowerParts) {}

  /**
   * Tells the caller from now on of the changes of an organization's keys. The first event is a REFRESH: a list that is read
   * after it misses nothing.
   *
   * @throws ApiError NOT_FOUND for an organization that the caller may not read, as for one that is not there
   */
  follow(organizationId: string, permissions: Permissions): AsyncIterableIterator<ToldEvent> {
    const principal = permissions.requireUser();
    if (!permissions.may('api-keys:follow', organizationId)) throw notFound();
    this.assertRoomFor(principal.id);
    const queue = new EventQueue<ToldEvent>(MAX_WAITING, () => this.followers.delete(follower));
    const follower: Follower = { organizationId, principal: within(principal, organizationId), queue };
    this.followers.add(follower);
    this.refresh(follower);
    return queue;
  }

  read(entries: readonly DatedEntry[]): void {
    const followed = this.followedOrganizations();
    this.untold.push(...entries.filter(({ organizationId }) => followed.has(organizationId)));
    if (this.untold.length > MAX_UNTOLD) this.missed();
    else void this.tellAll();
  }

  missed(): void {
    this.missedSome = true;
    this.untold = [];
    void this.tellAll();
  }

  /** Ends without a word: whoever follows is to follow another process. */
  stop(): void {
    this.stopped = true;
    for (const { queue } of this.followers) queue.end();
  }

  private assertRoomFor(userId: string): void {
    const { max, maxPerUser } = this.parts.limits;
    if (this.stopped || this.followers.size >= max)
      throw new ApiError(
        'SERVICE_UNAVAILABLE',
        'No more can follow here right now. Try again in a few seconds.',
      );
    const own = [...this.followers].filter(({ principal }) => principal.id === userId);
    if (own.length < maxPerUser) return;
    const message = `You have ${own.length} subscriptions already, which is the most. End one first.`;
    throw new ApiError('RATE_LIMITED', message, { retryAfter: RETRY_AFTER_SECONDS });
  }

  private followedOrganizations(): ReadonlySet<string> {
    return new Set(Array.from(this.followers, ({ organizationId }) => organizationId));
  }

  /** Tells what waits, never twice at once, so that all is told in its order. */
  private async tellAll(): Promise<void> {
    if (this.telling) return;
    this.telling = true;
    while (this.missedSome || this.untold.length > 0) {
      const [all, entries] = [this.missedSome, this.untold];
      this.missedSome = false;
      this.untold = [];
      const organizations = new Set(entries.map(({ organizationId }) => organizationId));
      const touched = [...this.followers].filter((one) => all || organizations.has(one.organizationId));
      try {
        await this.tell(touched, entries, all);
      } catch (error) {
        this.parts.logger.warn({ err: error }, 'changes of keys could not be told');
        for (const follower of touched) this.refresh(follower);
      }
    }
    this.telling = false;
  }

  private async tell(
    touched: readonly Follower[],
    entries: readonly DatedEntry[],
    all: boolean,
  ): Promise<void> {
    const { database } = this.parts;
    if (touched.length === 0) return;
    const members = await this.stillMembers(touched, all);
    const changes = entries.filter(({ action }) => isTold(action));
    const byOrganization = groupBy(changes, ({ organizationId }) => organizationId);
    const tooMany = (follower: Follower) =>
      (byOrganization.get(follower.organizationId)?.length ?? 0) > MAX_WAITING;
    for (const follower of members.filter(tooMany)) this.refresh(follower);
    const told = members.filter(
      (follower) => byOrganization.has(follower.organizationId) && !tooMany(follower),
    );
    const reading = {};
    for (const { reader, event } of await readableEvents(database, told, byOrganization)) {
      const fits = reader.queue.push({ event, principal: reader.principal, reading });
      if (!fits) this.refresh(reader);
    }
  }

  /** Reads again who is a member, and lets go of those who are not. */
  private async stillMembers(followers: readonly Follower[], all: boolean): Promise<readonly Follower[]> {
    const memberships = await membershipsOf(
      this.parts.database,
      distinct(followers.map(({ principal }) => principal.id)),
      distinct(followers.map(({ organizationId }) => organizationId)),
    );
    const byPlace = new Map(memberships.map((one) => [`${one.organizationId} ${one.userId}`, one]));
    return followers.filter((follower) => {
      const { principal, organizationId } = follower;
      const now = byPlace.get(`${organizationId} ${principal.id}`);
      const [before] = principal.memberships;
      follower.principal = { ...principal, memberships: now === undefined ? [] : [now] };
      const stays = new Permissions(follower.principal).may('api-keys:follow', organizationId);
      if (!stays) follower.queue.end(notFound());
      else if (all || rightsOf(before) !== rightsOf(now)) this.refresh(follower);
      return stays;
    });
  }

  private refresh({ queue, principal }: Follower): void {
    const event: ApiKeyEvent = { kind: 'REFRESH', occurredAt: this.parts.clock(), apiKey: null };
    queue.restart({ event, principal, reading: {} });
  }
}

const RETRY_AFTER_SECONDS = 30;

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

/** The user, as far as one organization is concerned. */
function within(principal: UserPrincipal, organizationId: string): UserPrincipal {
  const memberships = principal.memberships.filter((one) => one.organizationId === organizationId);
  return { ...principal, memberships };
}

/** What of a membership decides which keys can be read, in a form that can be compared. */
function rightsOf(membership: Membership | undefined): string {
  return JSON.stringify([membership?.id, membership?.role, membership?.narrowedTo?.grants ?? null]);
}

function notFound(): ApiError {
  return new ApiError('NOT_FOUND', 'organizationId: there is no such organization.', {
    argument: 'organizationId',
  });
}
