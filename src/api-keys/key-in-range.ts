import type { KeyRange } from '../auth/authorize';
import type { ApiKey } from './api-key';

/**
 * Whether a key that has been read is in a range: the same as `inRange` selects.
 *
 * @param liesWithin whether the key lies within what a membership is narrowed to
 */
export function isInRange(
  key: Pick<ApiKey, 'id' | 'organizationId' | 'creatorId'>,
  { organizationId, keyId, creatorId, withinMembership }: KeyRange,
  liesWithin: (membershipId: string) => boolean,
): boolean {
  if (organizationId !== key.organizationId || (keyId !== undefined && keyId !== key.id)) return false;
  if (creatorId === key.creatorId) return true;
  return withinMembership === undefined ? creatorId === undefined : liesWithin(withinMembership);
}
