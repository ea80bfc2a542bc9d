import { toId } from '../shared/ids';
import type { Reference } from '../shared/reference';
import type { ApiKey } from './api-key';
import type { ApiKeyContext } from './api-key-resolver';

/** What a reference to an API key means. */
export async function apiKeyReference(
  { id }: Reference,
  { apiKeys }: Pick<ApiKeyContext, 'apiKeys'>,
): Promise<ApiKey | null> {
  const keyId = toId(id);
  return keyId === null ? null : apiKeys.find(keyId);
}
