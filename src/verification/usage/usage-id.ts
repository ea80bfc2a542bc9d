import { v5 } from 'uuid';
import type { VerificationCode } from '../verification-code';

/** Any UUID will do, as long as it stays the same. */
const NAMESPACE = '5c1f0c6e-7d0b-4d53-9b1e-0f3f6f2d9a41';

/** The id of a count among those of a key on a day. */
export function usageId(resourceId: string, code: VerificationCode): string {
  return v5(`${resourceId}/${code}`, NAMESPACE);
}
