import type { SecretKeyAuthenticator } from '../../auth/authenticate';
import { scopeOfJoined, type JoinedGrant } from '../../auth/joined-grants';
import type { ApiKeyPrincipal } from '../../auth/principal';
import type { Database } from '../../database/database';
import { isIn } from '../../database/sql';
import { groupBy } from '../../shared/group-by';
import { statusOf } from '../api-key-status';
import type { SecretKeys, StoredSecret } from './secret-key';

interface SecretRow extends JoinedGrant, StoredSecret {
  readonly head: number;
  readonly secretExpiresAt: number | null;
  readonly apiKeyId: string;
  readonly organizationId: string;
  readonly expiresAt: number | null;
  readonly disabledAt: number | null;
  readonly revokedAt: number | null;
}

/** A signed JSON Web Token in its compact form, whatever it holds. */
const TOKEN = /^[\w-]*\.[\w-]*\.[\w-]*$/;

/** Lets API keys in as callers. A malformed secret key of our form is refused without asking the database. */
export class ApiKeyAuthenticator implements SecretKeyAuthenticator {
  constructor(private readonly secretKeys: SecretKeys) {}

  /** Secret keys that were imported may look like anything, so that what is no token is taken for one. */
  recognizes(credential: string): boolean {
    return this.secretKeys.recognizes(credential) || !TOKEN.test(credential);
  }

  async authenticate(secretKey: string, database: Database, now: number): Promise<ApiKeyPrincipal | null> {
    const selectors = this.secretKeys.selectorsOf(secretKey);
    if (selectors.length === 0) return null;
    const found = groupBy(await findSecrets(database, selectors), ({ selector }) => selector);
    // In the order of the selectors: nobody can put an import before the key that was made with this secret.
    const rows = selectors
      .map((selector) => found.get(selector))
      .find((secret) => secret !== undefined && this.secretKeys.matches(secretKey, secret[0]));
    if (rows === undefined || !isUsable(rows[0], now)) return null;
    return {
      kind: 'API_KEY',
      id: rows[0].apiKeyId,
      organizationId: rows[0].organizationId,
      scope: scopeOfJoined(rows),
      readAt: rows[0].head,
    };
  }
}

/** For each secret a row for each grant of the key that it belongs to, and at least one. */
async function findSecrets(database: Database, selectors: readonly string[]): Promise<SecretRow[]> {
  const where = isIn('s.selector', selectors);
  return database.rows<SecretRow>(
    'SELECT h.position AS head, s.selector AS selector, s.digest AS digest, s.pepper_version AS pepperVersion, s.source AS source, ' +
      's.expires_at AS secretExpiresAt, ' +
      'k.id AS apiKeyId, k.organization_id AS organizationId, k.expires_at AS expiresAt, ' +
      'k.disabled_at AS disabledAt, k.revoked_at AS revokedAt, ' +
      'g.level AS grantLevel, g.resource_id AS grantResourceId ' +
      'FROM api_key_secrets s JOIN api_keys k ON k.id = s.api_key_id JOIN change_feed_head h ON 1 = 1 ' +
      `LEFT JOIN api_key_grants g ON g.api_key_id = k.id WHERE ${where.text}`,
    where.values,
  );
}

function isUsable(row: SecretRow, now: number): boolean {
  const overlapIsOver = row.secretExpiresAt !== null && row.secretExpiresAt <= now;
  return statusOf(row, now) === 'ACTIVE' && !overlapIsOver;
}
