import type { Change } from '../../audit/change';
import { isIn } from '../../database/sql';
import { Rejection, rejected, userError, type UserError } from '../../shared/user-errors';
import type { ApiKey } from '../api-key';
import { parseSha256 } from '../secrets/imported-secret';
import { insertKeys, type NewKey } from '../changing/insert-keys';
import type { SecretKeys } from '../secrets/secret-key';

export const MAX_IMPORT = 1000;

/** A key that exists elsewhere. */
export interface ImportedKey extends Omit<NewKey, 'secret' | 'at' | 'organizationId'> {
  /** The SHA-256 digest of its plain text, in hexadecimal. */
  readonly sha256: string;
}

export interface ImportApiKeys {
  readonly organizationId: string;
  readonly keys: readonly ImportedKey[];
}

/**
 * Brings keys in that exist elsewhere, all or none, so that their holders need not change them. What was handed over of
 * them is not stored: whoever has the database could guess a short key by its bare digest.
 *
 * Of two imports of one digest at once the second fails with a duplicate; run again, it finds the key of the first.
 */
export async function importApiKeys(
  change: Change,
  secretKeys: SecretKeys,
  { organizationId, keys }: ImportApiKeys,
): Promise<readonly ApiKey[]> {
  const { permissions } = change;
  permissions.requireUser();
  if (!permissions.may('api-keys:import', organizationId)) {
    const message = 'There is no organization of this id into which you may import keys.';
    throw rejected('NOT_FOUND', message, ['organizationId']);
  }
  if (keys.length === 0 || keys.length > MAX_IMPORT) {
    throw rejected('INVALID', `Expected 1 to ${MAX_IMPORT} keys, got ${keys.length}.`, ['keys']);
  }
  const digests = parseDigests(keys);
  await rejectTaken(change, secretKeys, digests);
  const newKeys = keys.map((key, index) => ({
    ...key,
    organizationId,
    secret: secretKeys.import(digests[index] ?? ''),
    at: ['keys', String(index)],
  }));
  const inserted = await insertKeys(change, 'API_KEY_IMPORTED', newKeys);
  return inserted.map(({ key }) => key);
}

/** @throws Rejection naming each place at which there is no digest, or one that stands before it already */
function parseDigests(keys: readonly ImportedKey[]): readonly string[] {
  const digests = keys.map(({ sha256 }) => parseSha256(sha256));
  const places = new Map<string, number>();
  const errors: UserError[] = [];
  digests.forEach((digest, index) => {
    if (digest === null) errors.push(badDigest(index));
    else if (places.has(digest)) errors.push(taken(digest, index));
    else places.set(digest, index);
  });
  if (errors.length > 0) throw new Rejection(errors);
  return digests.filter((digest) => digest !== null);
}

/** Looks for the digests under every pepper, since each was once the current one. */
async function rejectTaken(
  { transaction }: Change,
  secretKeys: SecretKeys,
  digests: readonly string[],
): Promise<void> {
  const places = new Map(
    digests.flatMap((digest, index) =>
      secretKeys.importedSelectorsOf(digest).map((selector) => [selector, { digest, index }]),
    ),
  );
  const where = isIn('s.selector', [...places.keys()]);
  const found = await transaction.rows<{ selector: string }>(
    `SELECT s.selector AS selector FROM api_key_secrets s WHERE ${where.text}`,
    where.values,
  );
  const errors = found
    .flatMap(({ selector }) => places.get(selector) ?? [])
    .sort((one, other) => one.index - other.index)
    .map(({ digest, index }) => taken(digest, index));
  if (errors.length > 0) throw new Rejection(errors);
}

function badDigest(index: number): UserError {
  const message = 'Expected the SHA-256 digest of the key: 64 hexadecimal digits.';
  return userError('INVALID', message, ['keys', String(index), 'sha256']);
}

function taken(digest: string, index: number): UserError {
  const message = `The key of this digest has been imported already: ${digest}.`;
  return userError('TAKEN', message, ['keys', String(index), 'sha256']);
}
