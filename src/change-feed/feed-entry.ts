import type { AuditAction } from '../audit/audit-event';

/** That something was done to something. What it is like since is not told: whoever wants to know reads it. */
export interface FeedEntry {
  readonly organizationId: string;
  readonly action: AuditAction;
  readonly subjectId: string;
}
