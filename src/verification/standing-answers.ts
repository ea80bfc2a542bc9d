import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { weightOf } from '../api-keys/scope-weight';
import type { Path, ResourceRef } from '../scopes';
import type { FactSource } from './fact-source';
import type { KeyFacts } from './facts';
import { liesIn } from './lies-in';
import type { Memory } from './memory';
import type { Question, Verification } from './verification';

/** An answer about a key that there is. */
export interface AnswerAboutKey extends Verification {
  readonly key: KeyFacts;
}

/** A VALID answer, and what it was made of. */
interface Standing {
  readonly answer: AnswerAboutKey;
  readonly resource: ResourceRef | null;
  readonly path: Path | null;
  /** When the key ends, or this secret of it. */
  readonly until: number;
  /** The version of the memory that still held all of this, and when it was looked up there. */
  version: number;
  lookedUpAt: number;
}

/**
 * How long a memory that was told of no change is not asked again. Facts that it forgets by their age are relied upon no
 * longer than that, and those that are relied upon stay among the ones that were used last.
 */
const LOOK_UP_EVERY_MS = 1000;

/**
 * The answers that were VALID, for as long as the memory of facts holds the very facts that they were made of. Services ask
 * the same again and again: what was decided needs neither the check of the secret nor the decision once more.
 *
 * Only a yes is kept. It is found by a digest of the secret key and the resource, never by the secret key itself.
 */
export class StandingAnswers {
  private readonly answers: LRUCache<string, Standing>;

  /** @param size about how many answers are kept */
  constructor(
    private readonly facts: Pick<FactSource, 'remembered'>,
    size: number,
  ) {
    this.answers = new LRUCache({
      maxSize: size,
      sizeCalculation: ({ answer }) => weightOf(answer.key.scope.grants.length),
    });
  }

  /** The answer to a question that was VALID and still is, whoever asks; null when none is known. */
  find(question: Question, now: number): AnswerAboutKey | null {
    const memory = this.facts.remembered;
    if (memory === null) return null;
    const digest = digestOf(question);
    const standing = this.answers.get(digest);
    if (standing === undefined) return null;
    if (!stands(standing, memory, now)) {
      this.answers.delete(digest);
      return null;
    }
    const { within = [] } = question;
    return within.length === 0 || liesIn(standing.path ?? [], within) ? standing.answer : null;
  }

  /**
   * Keeps an answer, if it is a yes, and its facts are remembered.
   *
   * @param path where the resource is; null when none was asked about
   */
  keep(question: Question, path: Path | null, answer: AnswerAboutKey, now: number): void {
    const { key, code } = answer;
    const memory = this.facts.remembered;
    if (code !== 'VALID' || memory === null) return;
    const until = Math.min(key.expiresAt ?? Infinity, key.secretExpiresAt ?? Infinity);
    const { resource } = question;
    const standing = { answer, resource, path, until, version: memory.version, lookedUpAt: now };
    if (isHeld(standing, memory)) this.answers.set(digestOf(question), standing);
  }
}

/** What comes before the secret key is of one form, so that no two questions are taken for the same one. */
function digestOf({ secretKey, resource }: Question): string {
  const about = resource === null ? 'NOTHING' : `${resource.level} ${resource.id}`;
  return hash('sha256', `${about} ${secretKey}`, 'base64');
}

function stands(standing: Standing, memory: Memory, now: number): boolean {
  if (now >= standing.until) return false;
  // The clock can be set back.
  const lookedUpLately = Math.abs(now - standing.lookedUpAt) < LOOK_UP_EVERY_MS;
  if (lookedUpLately && standing.version === memory.version) return true;
  if (!isHeld(standing, memory)) return false;
  standing.version = memory.version;
  standing.lookedUpAt = now;
  return true;
}

/** Whether the memory holds the facts of an answer. A key that was read again is another one, even if nothing of it has changed. */
function isHeld({ answer, resource, path }: Standing, memory: Memory): boolean {
  if (memory.key(answer.key.selector) !== answer.key) return false;
  return resource === null || isSame(path, memory.path(resource.id));
}

function isSame(path: Path | null, other: Path | null | undefined): boolean {
  if (path === null || other == null) return false;
  return (
    path === other || (path.length === other.length && path.every(({ id }, index) => id === other[index]?.id))
  );
}
