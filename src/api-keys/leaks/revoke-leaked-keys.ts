import type { Change } from '../../audit/change';
import { isIn } from '../../database/sql';
import { groupBy } from '../../shared/group-by';
import { lockAnyKeys } from '../changing/locked-key';
import { revokeLocked } from '../changing/revoke-api-keys';
import type { SecretKeys, StoredSecret } from '../secrets/secret-key';

export const MAX_LEAKED = 100;

interface SecretRow extends StoredSecret {
  readonly apiKeyId: string;
  readonly expiresAt: number | null;
}

/** What a secret key that opens nothing is compared with, so that finding nothing costs what finding something does. */
const NOTHING = { digest: '0'.repeat(64), source: 'GENERATED' } as const;

/**
 * Ends every key for good whose whole secret is among the reported ones. Whoever can show a secret needs no other right
 * to end it; a selector alone, which a log or a listing may tell, ends nothing. Neither does a secret that a rotation has
 * ended already: it opens nothing any more, and the key has another.
 */
export async function revokeLeakedKeys(
  change: Change,
  secretKeys: SecretKeys,
  reported: readonly string[],
): Promise<void> {
  const ids = await findOpened(change, secretKeys, [...new Set(reported)]);
  const locked = await lockAnyKeys(change.transaction, ids);
  await revokeLocked(change, locked, {
    reason: 'reported as leaked',
    revoker: 'scopegate',
    action: 'API_KEY_LEAKED',
  });
}

/** The ids of the keys that the secret keys open. */
async function findOpened(
  { transaction, now }: Change,
  secretKeys: SecretKeys,
  reported: readonly string[],
): Promise<readonly string[]> {
  const asked = reported.map((secretKey) => ({ secretKey, selectors: secretKeys.selectorsOf(secretKey) }));
  const where = isIn(
    's.selector',
    asked.flatMap(({ selectors }) => selectors),
  );
  const rows = await transaction.rows<SecretRow>(
    'SELECT s.selector AS selector, s.digest AS digest, s.pepper_version AS pepperVersion, s.source AS source, ' +
      's.expires_at AS expiresAt, s.api_key_id AS apiKeyId ' +
      `FROM api_key_secrets s WHERE ${where.text}`,
    where.values,
  );
  const bySelector = groupBy(rows, ({ selector }) => selector);
  const matching = asked.flatMap(({ secretKey, selectors }) => {
    const found = selectors.flatMap((selector) => bySelector.get(selector) ?? []);
    if (found.length === 0)
      secretKeys.matches(secretKey, { ...NOTHING, pepperVersion: secretKeys.pepperVersion });
    return found.filter((row) => secretKeys.matches(secretKey, row));
  });
  return matching
    .filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
    .map(({ apiKeyId }) => apiKeyId);
}
