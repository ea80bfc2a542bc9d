/** What is left of a limit of a key. */
export interface LimitState {
  readonly kind: 'RATE_LIMIT' | 'QUOTA';
  readonly limit: number;
  readonly remaining: number;
  /** When all of it is there again, in milliseconds. */
  readonly resetsAt: number;
  /** How long that is from now, for readers whose clock is another. */
  readonly resetsInSeconds: number;
  readonly windowSeconds: number;
}
