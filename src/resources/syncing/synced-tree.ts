import type { Level } from '../../scopes';
import type { ResourceNode } from '../resource-node';
import type { SyncCall, Upsert } from './sync-call';

/** The tree as a call leaves it, as far as the call names it: what is there, with what is new, moved and deleted. */
export class SyncedTree {
  private readonly upserts: ReadonlyMap<string, Upsert>;
  private readonly deletes: ReadonlySet<string>;

  /** @param existing the resources that the call names and that are there, with all of their ancestors */
  constructor(
    { upserts, deletes }: SyncCall,
    readonly existing: ReadonlyMap<string, ResourceNode>,
  ) {
    this.upserts = new Map(upserts.map((upsert) => [upsert.id, upsert]));
    this.deletes = new Set(deletes);
  }

  /** The level of a resource; null when there is none of that id. */
  levelOf(id: string): Level | null {
    return (this.upserts.get(id) ?? this.existing.get(id))?.level ?? null;
  }

  /** The organization of a resource. Levels must have been found right: they keep this from going in circles. */
  organizationOf(id: string): string {
    const parentId = this.parentOf(id);
    return this.existing.get(id)?.organizationId ?? (parentId === null ? id : this.organizationOf(parentId));
  }

  /** Whether one of the ancestors of a resource is deleted. Levels must have been found right. */
  isBelowDeleted(id: string): boolean {
    const parentId = this.parentOf(id);
    return parentId !== null && (this.deletes.has(parentId) || this.isBelowDeleted(parentId));
  }

  private parentOf(id: string): string | null {
    const upsert = this.upserts.get(id);
    return upsert === undefined ? (this.existing.get(id)?.parent?.id ?? null) : upsert.parentId;
  }
}
