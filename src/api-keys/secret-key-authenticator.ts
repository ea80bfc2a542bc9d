import type { SecretKeyAuthenticator } from '../auth/authenticate';
import { scopeOfJoined, type JoinedGrant } from '../auth/joined-grants';
import type { ApiKeyPrincipal } from '../auth/principal';
import type { Database } from '../database/database';
import { statusOf } from './api-key-status';
import type { SecretKeys } from './secret-key';

interface SecretRow extends JoinedGrant {
  readonly digest: string;
  readonly pepperVersion: number;
  readonly secretExpiresAt: number | null;
  readonly apiKeyId: string;
  readonly organizationId: string;
  readonly expiresAt: number | null;
  readonly disabledAt: number | null;
  readonly revokedAt: number | null;
}

/** Lets API keys in as callers. A malformed secret key is refused without asking the database. */
export class ApiKeyAuthenticator implements SecretKeyAuthenticator {
  constructor(private readonly secretKeys: SecretKeys) {}

  recognizes(credential: string): boolean {
    return this.secretKeys.recognizes(credential);
  }

  async authenticate(secretKey: string, database: Database, now: number): Promise<ApiKeyPrincipal | null> {
    const selector = this.secretKeys.selectorOf(secretKey);
    if (selector === null) return null;
    const rows = await findSecret(database, selector);
    const [row] = rows;
    if (row === undefined || !this.secretKeys.matches(secretKey, row) || !isUsable(row, now)) return null;
    return {
      kind: 'API_KEY',
      id: row.apiKeyId,
      organizationId: row.organizationId,
      scope: scopeOfJoined(rows),
    };
  }
}

/** A row for each grant of the key that the secret belongs to, and at least one. */
async function findSecret(database: Database, selector: string): Promise<SecretRow[]> {
  return database.rows<SecretRow>(
    'SELECT s.digest AS digest, s.pepper_version AS pepperVersion, s.expires_at AS secretExpiresAt, ' +
      'k.id AS apiKeyId, k.organization_id AS organizationId, k.expires_at AS expiresAt, ' +
      'k.disabled_at AS disabledAt, k.revoked_at AS revokedAt, ' +
      'g.level AS grantLevel, g.resource_id AS grantResourceId ' +
      'FROM api_key_secrets s JOIN api_keys k ON k.id = s.api_key_id ' +
      'LEFT JOIN api_key_grants g ON g.api_key_id = k.id WHERE s.selector = ?',
    [selector],
  );
}

function isUsable(row: SecretRow, now: number): boolean {
  const overlapIsOver = row.secretExpiresAt !== null && row.secretExpiresAt <= now;
  return statusOf(row, now) === 'ACTIVE' && !overlapIsOver;
}
