import type { ResourceRef } from '../scopes';
import type { Decision } from './decide';
import type { KeyFacts } from './facts';
import type { LimitState } from './limits/limit-state';

/** May whoever holds this secret key touch this resource? */
export interface Question {
  readonly secretKey: string;
  /** Null: is the key good for anything? */
  readonly resource: ResourceRef | null;
  /** What the resource must lie in: anywhere else there is none. */
  readonly within?: readonly ResourceRef[];
  /** How much of the limits of the key is used up if it may; 0: nothing, they are only looked at. */
  readonly cost: number;
}

/** The answer to a question. */
export interface Verification extends Decision {
  /** The key; null when there is none, or none that the asker may verify. */
  readonly key: KeyFacts | null;
  /** What is left of the limits of the key. */
  readonly limits: readonly LimitState[];
  /** When the limits would allow a use that they refuse; null: they do not refuse it, or never would allow it. */
  readonly retryAfterSeconds: number | null;
}
