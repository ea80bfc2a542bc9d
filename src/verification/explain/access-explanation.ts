import { statusOf } from '../../api-keys/api-key-status';
import { pathOf, type ResourceNode } from '../../resources/resource-node';
import type { ShownResource } from '../../resources/shown-resource';
import type { Grant, Path, ResourceRef } from '../../scopes';
import { decide, missingGrantFor, type DecidedKey } from '../decide';
import type { VerificationCode } from '../verification-code';
import { reasonOf } from './reason';

/** Why a key may touch a resource, or may not, for people. */
export interface AccessExplanation {
  /** What a verification would answer now, apart from limits. */
  readonly code: VerificationCode;
  /** The nearest grant that reaches the resource, also while the state of the key forbids its use. */
  readonly grant: Grant | null;
  /** From the granted resource down to the one that was asked about, as far as the caller may read it. */
  readonly path: readonly ShownResource[];
  /** What the key would have to be granted, at the least. */
  readonly missingGrant: Grant | null;
  readonly reason: string;
}

/**
 * Explains what a verification of the key would answer, by the same rule.
 *
 * The scope is judged by itself, too: a key that is switched off or has ended might be mended only to be refused for its
 * grants.
 *
 * @param resource what was asked about, as it is in the tree; null when the caller may read no such thing
 * @param show something on its path as the caller may read it; null when they may not
 */
export function explain(
  key: DecidedKey,
  asked: ResourceRef,
  resource: ResourceNode | null,
  show: (node: ResourceNode) => ShownResource | null,
  now: number,
): AccessExplanation {
  const path = resource === null ? null : pathOf(resource);
  const readable = (way: readonly ResourceNode[]) => way.flatMap((node) => show(node) ?? []);
  const { code } = decide(key, asked, path, now);
  const byScope = decide({ ...key, ...IN_USE }, asked, path, now);
  const missingGrant = byScope.code === 'VALID' ? null : missingGrantFor(key, asked, path);
  const grant = byScope.grantedBy?.grant ?? null;
  return {
    code,
    grant,
    path: readable(wayDown(path ?? [], byScope.grantedBy?.path ?? [])),
    missingGrant,
    reason: reasonOf({
      status: statusOf(key, now),
      expiresAt: key.expiresAt,
      byScope: byScope.code,
      asked,
      path: readable(path ?? []),
      grant,
      missingGrant,
    }),
  };
}

/** The life of a key that nobody has ended or switched off. */
const IN_USE = { revokedAt: null, disabledAt: null, expiresAt: null };

/** The resources of a way, of which those of the path are. */
function wayDown(path: readonly ResourceNode[], way: Path): readonly ResourceNode[] {
  return path.slice(0, way.length).toReversed();
}
