import type { AuditAction } from '../audit/audit-event';

/** That something was done to something. What it is like since is not told: whoever wants to know reads it. */
export interface FeedEntry {
  readonly organizationId: string;
  readonly action: AuditAction;
  readonly subjectId: string;
}

/** The same, as it is read from the feed. */
export interface DatedEntry extends FeedEntry {
  /** When it was done, in milliseconds. */
  readonly changedAt: number;
}
