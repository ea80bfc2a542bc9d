import type { MaybePromise } from '../../shared/when-ready';
import type { Window } from './windows';

/** What has been used of a window. */
export interface Count {
  readonly used: number;
  /** For how long the count is still kept; 0 when there is none. */
  readonly leftMs: number;
}

/** What came of a use. */
export interface Taking {
  /** Whether all windows had room for it. Only then has it been counted, and in all of them. */
  readonly fits: boolean;
  /** The counts since, in the order of the windows. */
  readonly counts: readonly Count[];
}

/** Counts uses in windows. */
export interface WindowCounters {
  /**
   * Counts a use in all of the windows, or in none when one has no room for it, in one step: nothing comes between the look
   * and the use.
   *
   * @param cost how much it uses; 0: only looks, which always fits
   */
  take(windows: readonly Window[], cost: number): MaybePromise<Taking>;
}
