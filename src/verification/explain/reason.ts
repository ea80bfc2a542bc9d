import type { ApiKeyStatus } from '../../api-keys/api-key-status';
import type { ResourceNode } from '../../resources/resource-node';
import type { Grant, ResourceRef } from '../../scopes';
import type { VerificationCode } from '../verification-code';

/** What a reason is made of. */
export interface Reasoning {
  readonly status: ApiKeyStatus;
  readonly expiresAt: number | null;
  /** What the scope alone says, whatever the state of the key. */
  readonly byScope: VerificationCode;
  readonly asked: ResourceRef;
  /** The path of what was asked about, as far as the caller may read it; empty when there is none. */
  readonly path: readonly ResourceNode[];
  readonly grant: Grant | null;
  readonly missingGrant: Grant | null;
}

/** Says in words why a key may touch a resource, or why not and what to do about it. */
export function reasonOf(reasoning: Reasoning): string {
  const { status, byScope } = reasoning;
  if (status === 'ACTIVE') return ofScope(reasoning);
  // What has ended for good is not worth mending.
  if (status === 'REVOKED' || byScope === 'VALID') return ofState(status, reasoning);
  return `${ofState(status, reasoning)} ${ofScope(reasoning)}`;
}

function ofState(status: Exclude<ApiKeyStatus, 'ACTIVE'>, { expiresAt }: Reasoning): string {
  switch (status) {
    case 'REVOKED':
      return 'The key was revoked, which is final. Make a new key, and use that.';
    case 'DISABLED':
      return 'The key is switched off. Switch it on again with enableApiKey.';
    case 'EXPIRED':
      return `The key ended by itself at ${new Date(expiresAt ?? 0).toISOString()}. Move its end with updateApiKey.`;
  }
}

function ofScope(reasoning: Reasoning): string {
  const { byScope, asked, path } = reasoning;
  switch (byScope) {
    case 'VALID':
      return allowed(reasoning);
    case 'NO_SCOPE':
      return `The key has no grants, so that it may touch nothing.${whatToGrant(reasoning)}`;
    case 'OUT_OF_SCOPE':
      return `The key is granted neither ${named(asked, path)} nor anything above it.${whatToGrant(reasoning)}`;
    default:
      return `There is no ${wordFor(asked)} of this id that you may read. Check the id, and whether it is of that level.`;
  }
}

function allowed({ asked, path, grant }: Reasoning): string {
  const may = `The scope of the key covers ${named(asked, path)}:`;
  if (grant === null || grant.id === asked.id) return `${may} the key is granted that itself.`;
  return `${may} the key is granted ${named(grant, path)}, with everything below it.`;
}

function whatToGrant({ asked, path, missingGrant }: Reasoning): string {
  if (missingGrant !== null)
    return ` To allow it, add ${named(missingGrant, path)} to its scope with updateApiKey.`;
  if (path.length === 0) return '';
  const which = `The ${wordFor(asked)} is of another organization`;
  return ` ${which}, and a key reaches into its own alone: use a key of that organization.`;
}

/** A resource by its name, where the caller may read it, else by the id that the scope names too. */
function named(resource: ResourceRef, path: readonly ResourceNode[]): string {
  const name = path.find(({ id }) => id === resource.id)?.name;
  return `the ${wordFor(resource)} ${name === undefined ? resource.id : JSON.stringify(name)}`;
}

function wordFor({ level }: ResourceRef): string {
  return level.toLowerCase();
}
