/** How many organizations are noted before all that is remembered is forgotten instead. */
const MOST = 10_000;

/**
 * When organizations were changed as a whole, by a count of changes. So what was remembered of them before is known to be
 * untrue without being looked for.
 */
export class ChangedOrganizations {
  private readonly changedAt = new Map<string, number>();

  /** Whether there is no room to note another. */
  get isFull(): boolean {
    return this.changedAt.size >= MOST;
  }

  note(organizationId: string, change: number): void {
    this.changedAt.set(organizationId, change);
  }

  /** Whether what was remembered of an organization after so many changes can still be true. */
  leftTrue(organizationId: string, age: number): boolean {
    const changedAt = this.changedAt.get(organizationId);
    return changedAt === undefined || age >= changedAt;
  }

  clear(): void {
    this.changedAt.clear();
  }
}
