import type { KeyLimits } from '../../api-keys/limits/key-limits';
import type { LimitState } from './limit-state';
import type { Count, WindowCounters } from './window-counters';
import { windowsOf, type Window } from './windows';

/** Whether a use was within the limits, and what is left of them. */
export interface Consumption {
  readonly code: 'VALID' | 'RATE_LIMITED' | 'USAGE_EXCEEDED';
  readonly states: readonly LimitState[];
  /** When the limits would allow a use that they refuse; null: they allow it, or never would. */
  readonly retryAfterSeconds: number | null;
}

/** Counts what keys use of their limits. */
export class Limiter {
  constructor(private readonly counters: WindowCounters) {}

  /**
   * Uses up some of the limits of a key, or nothing when one of them does not allow it.
   *
   * @param cost 0: only looks at what is left
   */
  async consume(keyId: string, limits: KeyLimits, cost: number, now: number): Promise<Consumption> {
    const windows = windowsOf(keyId, limits, now);
    const { fits, counts } = await this.counters.take(windows, cost);
    const states = windows.map((window, index) => toState(window, counts[index], now));
    return fits ? { code: 'VALID', states, retryAfterSeconds: null } : refusal(states, cost);
  }
}

function toState(
  { kind, limit, windowSeconds, endsAt }: Window,
  count: Count | undefined,
  now: number,
): LimitState {
  const { used = 0, leftMs = 0 } = count ?? {};
  const resetsAt = endsAt ?? now + Math.ceil(leftMs);
  return {
    kind,
    limit,
    remaining: Math.max(0, limit - used),
    resetsAt,
    resetsInSeconds: Math.ceil((resetsAt - now) / 1000),
    windowSeconds,
  };
}

/** A quota that is used up is told first, since it is so for longer. */
function refusal(states: readonly LimitState[], cost: number): Consumption {
  const refusing = states.filter(({ remaining }) => remaining < cost);
  return {
    code: refusing.some(({ kind }) => kind === 'QUOTA') ? 'USAGE_EXCEEDED' : 'RATE_LIMITED',
    states,
    retryAfterSeconds: refusing.some(({ limit }) => limit < cost)
      ? null
      : Math.max(1, ...refusing.map(({ resetsInSeconds }) => resetsInSeconds)),
  };
}
