import { createHash } from 'node:crypto';
import { narrowestScope, Scope, type Grant, type Path } from '../../scopes';

/** What a key was found valid for in the days that are looked at. */
export interface UsedResources {
  /** Whether it was used at all, with or without a resource. */
  readonly used: boolean;
  /** Whether it was ever asked whether it may touch a certain resource. */
  readonly resourcesNamed: boolean;
  /** The paths of the resources, as far as these still exist. */
  readonly paths: readonly Path[];
}

/** Why there is no narrower scope to advise. */
export type NoAdviceReason = 'NOT_USED' | 'NO_RESOURCE_NAMED' | 'NOTHING_LEFT' | 'NARROWEST_ALREADY';

/** A scope that would have done for everything that a key was used for, or why there is none. */
export type ScopeAdvice = AdvisedScope | NoAdvice;

export interface AdvisedScope {
  readonly reason: null;
  readonly scope: Scope;
  /** Grants of the present scope that are not needed. */
  readonly removed: readonly Grant[];
  /** Grants that take their place. */
  readonly added: readonly Grant[];
  /** Tells this advice from any other. */
  readonly revision: string;
}

interface NoAdvice {
  readonly reason: NoAdviceReason;
  readonly scope: null;
  readonly removed: readonly [];
  readonly added: readonly [];
  readonly revision: null;
}

/** How many days of use advice looks at, today among them. */
export const ADVICE_DAYS = 30;

/**
 * Advises the narrowest scope that would have covered all that a key was used for, within its present scope. What exists no
 * more, and what the present scope covers no more, needs no grant. Nothing is advised where it would take all grants away:
 * that a key was not seen with a resource does not tell what it is for.
 */
export function adviseScope(present: Scope, { used, resourcesNamed, paths }: UsedResources): ScopeAdvice {
  if (!used) return noAdvice('NOT_USED');
  if (!resourcesNamed) return noAdvice('NO_RESOURCE_NAMED');
  const scope = narrowestScope(paths, present);
  if (scope.breadth === 'NONE') return noAdvice('NOTHING_LEFT');
  const removed = grantsOnlyOf(present, scope);
  const added = grantsOnlyOf(scope, present);
  if (removed.length + added.length === 0) return noAdvice('NARROWEST_ALREADY');
  return { reason: null, scope, removed, added, revision: revisionOf(scope) };
}

function noAdvice(reason: NoAdviceReason): NoAdvice {
  return { reason, scope: null, removed: [], added: [], revision: null };
}

function grantsOnlyOf(scope: Scope, other: Scope): readonly Grant[] {
  const others = new Set(other.grants.map(textOf));
  return scope.grants.filter((grant) => !others.has(textOf(grant)));
}

function revisionOf({ grants }: Scope): string {
  const text = grants.map(textOf).sort().join('\n');
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function textOf({ level, id }: Grant): string {
  return `${level} ${id}`;
}
