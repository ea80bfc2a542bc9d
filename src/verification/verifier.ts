import type { Permissions } from '../auth/authorize';
import type { ResourceRef } from '../scopes';
import type { Clock } from '../shared/clock';
import { allReady, whenReady, type MaybePromise } from '../shared/when-ready';
import { decide, type Decision } from './decide';
import type { KeyFacts } from './facts';
import type { Found, KeyFinder } from './key-finder';
import { liesIn } from './lies-in';
import type { Limiter } from './limits/limiter';
import type { StandingAnswers } from './standing-answers';
import type { Question, Verification } from './verification';
import type { VerificationCode } from './verification-code';

/** Told of every verification of a key that there is. It must return at once. */
export interface UseObserver {
  used(key: KeyFacts, resource: ResourceRef | null, decision: Decision, now: number): void;
}

export interface VerifierParts {
  readonly finder: KeyFinder;
  readonly standing: StandingAnswers;
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
   * Answers questions, in their order: at once where all is remembered, and nothing has to be counted elsewhere.
   *
   * @param permissions those of the asker: what they may not verify is told like what does not exist
   * @param fresh whether to ask the database, whatever is remembered
   * @throws ApiError SERVICE_UNAVAILABLE when nothing can be said that is certainly true
   */
  verify(
    questions: readonly Question[],
    permissions: Permissions,
    fresh: boolean,
  ): MaybePromise<readonly Verification[]> {
    const standing = fresh ? null : this.standingAnswers(questions, permissions);
    if (standing !== null) return this.settle(questions, standing, this.parts.clock());
    return whenReady(this.parts.finder.find(questions, fresh), (found) => {
      const now = this.parts.clock();
      const answers = questions.map((question, index) =>
        this.decide(question, found[index], permissions, now),
      );
      return this.settle(questions, answers, now);
    });
  }

  /** Null when any of the questions has none. */
  private standingAnswers(
    questions: readonly Question[],
    permissions: Permissions,
  ): readonly Verification[] | null {
    const now = this.parts.clock();
    const answers: Verification[] = [];
    for (const question of questions) {
      const answer = this.parts.standing.find(question, now);
      if (answer === null || !permissions.mayVerifyKeysOf(answer.key.organizationId)) return null;
      answers.push(answer);
    }
    return answers;
  }

  private decide(
    question: Question,
    found: Found | undefined,
    permissions: Permissions,
    now: number,
  ): Verification {
    if (!found?.wellFormed) return unknown('INVALID_FORMAT');
    const { key, path } = found;
    if (key === null || isOver(key, now)) return unknown('NOT_FOUND');
    if (!permissions.mayVerifyKeysOf(key.organizationId)) return unknown('NOT_FOUND');
    const { resource, within = [] } = question;
    const there = path !== null && liesIn(path, within) && permissions.mayVerifyKeysOf(path.at(-1)?.id);
    const { code, grantedBy, missingGrant } = decide(key, resource, there ? path : null, now);
    const answer = { code, key, grantedBy, missingGrant, limits: [], retryAfterSeconds: null };
    this.parts.standing.keep(question, path, answer, now);
    return answer;
  }

  /**
   * Counts all uses at once, so that no answer grows old while others are counted. Counters count in the order in which they
   * are asked, which matters to questions about one key.
   */
  private settle(
    questions: readonly Question[],
    answers: readonly Verification[],
    now: number,
  ): MaybePromise<readonly Verification[]> {
    const counting = answers.map((answer, index) => this.count(answer, questions[index]?.cost ?? 0, now));
    return whenReady(allReady(counting), (counted) => this.noteUses(questions, counted, now));
  }

  private noteUses(
    questions: readonly Question[],
    answers: readonly Verification[],
    now: number,
  ): readonly Verification[] {
    for (const [index, answer] of answers.entries()) {
      if (answer.key !== null)
        this.parts.uses.used(answer.key, questions[index]?.resource ?? null, answer, now);
    }
    return answers;
  }

  /** Counts a use of a key that has limits. What is refused anyway uses up nothing. */
  private count(answer: Verification, cost: number, now: number): MaybePromise<Verification> {
    const { key, code } = answer;
    if (key?.limits == null) return answer;
    const consumption = this.parts.limiter.consume(key.id, key.limits, code === 'VALID' ? cost : 0, now);
    return consumption.then(({ states, retryAfterSeconds, code: refusal }) => {
      if (code !== 'VALID' || refusal === 'VALID') return { ...answer, limits: states };
      return { ...answer, code: refusal, grantedBy: null, limits: states, retryAfterSeconds };
    });
  }
}

/** A secret that was rotated away opens nothing any more, though the key goes on. */
function isOver({ secretExpiresAt }: KeyFacts, now: number): boolean {
  return secretExpiresAt !== null && secretExpiresAt <= now;
}

function unknown(code: VerificationCode): Verification {
  return { code, key: null, grantedBy: null, missingGrant: null, limits: [], retryAfterSeconds: null };
}
