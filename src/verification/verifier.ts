import type { Permissions } from '../auth/authorize';
import type { Path, ResourceRef } from '../scopes';
import type { Clock } from '../shared/clock';
import { decide, type Decision } from './decide';
import type { KeyFacts } from './facts';
import type { Found, KeyFinder } from './key-finder';
import type { Limiter } from './limits/limiter';
import type { Question, Verification } from './verification';
import type { VerificationCode } from './verification-code';

/** Told of every verification of a key that there is. It must return at once. */
export interface UseObserver {
  used(key: KeyFacts, resource: ResourceRef | null, decision: Decision, now: number): void;
}

export interface VerifierParts {
  readonly finder: KeyFinder;
  readonly limiter: Limiter;
  readonly uses: UseObserver;
  readonly clock: Clock;
}

/** The most questions that can be asked at once. */
export const MAX_QUESTIONS = 100;

/** The most that one use can cost. */
export const MAX_COST = 1_000_000;

/** Answers whether secret keys may touch resources, and why. */
export class Verifier {
  constructor(private readonly parts: VerifierParts) {}

  /**
   * Answers questions, in their order.
   *
   * @param permissions those of the asker: what they may not verify is told like what does not exist
   * @param fresh whether to ask the database, whatever is remembered
   * @throws ApiError SERVICE_UNAVAILABLE when nothing can be said that is certainly true
   */
  async verify(
    questions: readonly Question[],
    permissions: Permissions,
    fresh: boolean,
  ): Promise<readonly Verification[]> {
    const found = await this.parts.finder.find(questions, fresh);
    const now = this.parts.clock();
    // All at once, so that no answer grows old while others are counted. Counters count in the order in which they are asked,
    // which matters to questions about one key.
    const answers = await Promise.all(
      questions.map((question, index) =>
        this.count(toAnswer(question, found[index], permissions, now), question, now),
      ),
    );
    for (const [index, answer] of answers.entries()) {
      if (answer.key !== null)
        this.parts.uses.used(answer.key, questions[index]?.resource ?? null, answer, now);
    }
    return answers;
  }

  /** Counts a use of a key that has limits. What is refused anyway uses up nothing. */
  private async count(answer: Verification, { cost }: Question, now: number): Promise<Verification> {
    const { key, code } = answer;
    if (key?.limits == null) return answer;
    const used = await this.parts.limiter.consume(key.id, key.limits, code === 'VALID' ? cost : 0, now);
    const { states, retryAfterSeconds } = used;
    if (code !== 'VALID' || used.code === 'VALID') return { ...answer, limits: states };
    return { ...answer, code: used.code, grantedBy: null, limits: states, retryAfterSeconds };
  }
}

function toAnswer(
  { resource, within = [] }: Question,
  found: Found | undefined,
  permissions: Permissions,
  now: number,
): Verification {
  if (!found?.wellFormed) return unknown('INVALID_FORMAT');
  const { key, path } = found;
  if (key === null || isOver(key, now)) return unknown('NOT_FOUND');
  if (!permissions.mayVerifyKeysOf(key.organizationId)) return unknown('NOT_FOUND');
  const there = path !== null && liesIn(path, within) && permissions.mayVerifyKeysOf(path.at(-1)?.id);
  return { ...decide(key, resource, there ? path : null, now), key, limits: [], retryAfterSeconds: null };
}

function liesIn(path: Path, resources: readonly ResourceRef[]): boolean {
  return resources.every(({ level, id }) => path.some((above) => above.level === level && above.id === id));
}

/** A secret that was rotated away opens nothing any more, though the key goes on. */
function isOver({ secretExpiresAt }: KeyFacts, now: number): boolean {
  return secretExpiresAt !== null && secretExpiresAt <= now;
}

function unknown(code: VerificationCode): Verification {
  return { code, key: null, grantedBy: null, missingGrant: null, limits: [], retryAfterSeconds: null };
}
