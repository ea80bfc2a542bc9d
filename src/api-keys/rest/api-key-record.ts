import { toIso } from '../../shared/date-time';
import type { Scope } from '../../scopes';
import type { ApiKey } from '../api-key';
import { scopeIds } from '../scope-ids';

/** An API key as REST clients know it. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly scope: {
    /** Left out unless the organization is granted as a whole. */
    readonly organizationId?: string;
    readonly accountIds: readonly string[];
    readonly widgetIds: readonly string[];
    readonly environmentIds: readonly string[];
  };
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly creatorId: string;
  readonly creatorEmail: string;
  readonly organizationId: string;
  readonly modifiedBy: string;
}

export function toRecord(key: ApiKey, scope: Scope): ApiKeyRecord {
  const { organizationId, ...others } = scopeIds(scope);
  return {
    id: key.id,
    name: key.name,
    description: key.description,
    scope: {
      ...(organizationId !== null && { organizationId }),
      ...others,
    },
    createdAt: toIso(key.createdAt),
    modifiedAt: toIso(key.modifiedAt),
    creatorId: key.creatorId,
    creatorEmail: key.creatorEmail,
    organizationId: key.organizationId,
    modifiedBy: key.modifiedBy,
  };
}
