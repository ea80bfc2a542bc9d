import type { KeyLimits } from '../../api-keys/limits/key-limits';
import type { LimitState } from './limit-state';

/** Whether a use was within the limits, and what is left of them. */
export interface Consumption {
  readonly code: 'VALID' | 'RATE_LIMITED' | 'USAGE_EXCEEDED';
  readonly states: readonly LimitState[];
  /** When the limits would allow a use that they refuse; null: they allow it, or never would. */
  readonly retryAfterSeconds: number | null;
}

/** Counts what keys use of their limits. */
export interface Limiter {
  /**
   * Uses up some of the limits of a key, or nothing when one of them does not allow it.
   *
   * @param cost 0: only looks at what is left
   */
  consume(keyId: string, limits: KeyLimits, cost: number, now: number): Promise<Consumption>;
}
