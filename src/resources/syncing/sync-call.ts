import type { Level } from '../../scopes';
import { rejected, Rejection } from '../../shared/user-errors';
import { SLUG_FORM, checkResourceName, isSlug } from '../resource-fields';
import { Faults } from './faults';

/** How many resources one call names at most. */
export const MAX_SYNCED = 10_000;

/** What a resource shall be, whether it is there already or not. */
export interface Upsert {
  readonly id: string;
  readonly level: Level;
  /** Null for an organization only. */
  readonly parentId: string | null;
  readonly name: string;
  /** Of an organization; null at the other levels. */
  readonly slug: string | null;
}

/** What a platform tells of its tree. */
export interface SyncCall {
  readonly upserts: readonly Upsert[];
  readonly deletes: readonly string[];
}

/**
 * Checks what can be told from the call alone.
 *
 * @returns the call with its names as they are stored
 * @throws Rejection naming the ids that are at fault
 */
export function checkCall({ upserts, deletes }: SyncCall): SyncCall {
  const size = upserts.length + deletes.length;
  if (size > MAX_SYNCED) {
    const message = `A call names at most ${MAX_SYNCED} resources; this one names ${size}. Make several.`;
    throw rejected('LIMIT_REACHED', message);
  }
  const faults = new Faults();
  checkIds({ upserts, deletes }, faults);
  for (const upsert of upserts) checkPlace(upsert, faults);
  checkSlugs(upserts, faults);
  const named = upserts.map((upsert) => ({ ...upsert, name: checkedName(upsert, faults) }));
  faults.reject();
  return { upserts: named, deletes: [...new Set(deletes)] };
}

function checkIds({ upserts, deletes }: SyncCall, faults: Faults): void {
  const seen = new Set<string>();
  const deleted = new Set(deletes);
  for (const { id } of upserts) {
    if (seen.has(id)) faults.add('INVALID', 'upserts', 'Expected each resource once.', id);
    if (deleted.has(id)) faults.add('INVALID', 'deletes', 'A resource is either there or deleted.', id);
    seen.add(id);
  }
}

function checkPlace({ id, level, parentId, slug }: Upsert, faults: Faults): void {
  const fault = (message: string) => faults.add('INVALID', 'upserts', message, id);
  if (level === 'ORGANIZATION') {
    if (parentId !== null) fault('An organization has no parent.');
    if (slug === null || !isSlug(slug)) fault(`The slug of an organization is of ${SLUG_FORM}.`);
    return;
  }
  if (parentId === null) fault('Only an organization has no parent.');
  if (slug !== null) fault('Only an organization has a slug.');
}

function checkSlugs(upserts: readonly Upsert[], faults: Faults): void {
  const holders = new Map<string, string>();
  for (const { id, slug } of upserts) {
    if (slug === null) continue;
    const holder = holders.get(slug) ?? id;
    if (holder !== id) faults.add('TAKEN', 'upserts', 'Two organizations have the same slug.', id);
    holders.set(slug, holder);
  }
}

function checkedName({ id, name }: Upsert, faults: Faults): string {
  try {
    return checkResourceName(name);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    faults.add('INVALID', 'upserts', error.message, id);
    return name;
  }
}
