import type { Change } from '../audit/change';
import { chunksOf } from '../database/chunks';
import type { ApiKey } from './api-key';
import { BEYOND_MAKER } from './api-key-filter';
import { lockAnyKeys } from './changing/locked-key';
import { revokeLocked } from './changing/revoke-api-keys';

/**
 * Ends the keys of a user in an organization that reach beyond what the user may touch there, since their membership was
 * changed earlier in the transaction.
 */
export async function revokeKeysBeyondMaker(
  change: Change,
  organizationId: string,
  creatorId: string,
): Promise<readonly ApiKey[]> {
  const { transaction, permissions } = change;
  const revoker = permissions.requireUser().id;
  const keys = await transaction.rows<{ id: string }>(
    `SELECT k.id AS id FROM api_keys k WHERE k.organization_id = ? AND k.creator_id = ? AND ${BEYOND_MAKER} ORDER BY k.id`,
    [organizationId, creatorId],
  );
  const reason = 'It reached beyond what its maker may touch.';
  const revoked: ApiKey[] = [];
  for (const ids of chunksOf(keys.map(({ id }) => id))) {
    const locked = await lockAnyKeys(transaction, ids);
    revoked.push(...(await revokeLocked(change, locked, { reason, revoker, action: 'API_KEY_REVOKED' })));
  }
  return revoked;
}
