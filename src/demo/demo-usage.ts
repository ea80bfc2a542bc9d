import type { ApiKeyEntity } from '../api-keys/api-key-entity';
import type { ResourceEntity } from '../resources/resource-entity';
import type { VerificationCode } from '../verification/verification-code';
import type { Tenancy } from './tenancy';

/** A key that is used for the same every day. */
interface DailyWork {
  readonly key: ApiKeyEntity;
  readonly resource: ResourceEntity;
  /** How often, on the first day; a little more on each day that follows. */
  readonly uses: number;
  readonly code?: VerificationCode;
}

const HOUR_MS = 60 * 60 * 1000;
const DAYS = 3;

/** The last days of some keys, up to an hour ago. */
export function addUsage(tenancy: Tenancy, work: readonly DailyWork[], now: number): void {
  for (const { key, resource, uses, code = 'VALID' } of work) {
    for (let day = 0; day < DAYS; day++) {
      const at = now - HOUR_MS - (DAYS - 1 - day) * 24 * HOUR_MS;
      tenancy.use(key, { at, resource, code, uses: uses + day * Math.ceil(uses / 10) });
    }
  }
}
