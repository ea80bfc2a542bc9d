import { mutate } from './mutate';
import type { Credential, TestProgram } from './test-program';

export interface PolicyView {
  readonly widestGrant: string;
  readonly expiryRequired: boolean;
  readonly maxLifetimeSeconds: number | null;
  readonly maxActiveKeys: number | null;
  readonly keyMakers: string;
}

export const POLICY_FIELDS = 'widestGrant expiryRequired maxLifetimeSeconds maxActiveKeys keyMakers';

/** What holds for an organization that has set no limits. */
export const NO_LIMITS: PolicyView = {
  widestGrant: 'ORGANIZATION',
  expiryRequired: false,
  maxLifetimeSeconds: null,
  maxActiveKeys: null,
  keyMakers: 'MEMBERS',
};

export async function updatePolicy(
  program: TestProgram,
  credential: Credential,
  organizationId: string,
  limits: Partial<Record<keyof PolicyView, unknown>>,
) {
  return mutate<{ policy: PolicyView | null }>(
    program,
    credential,
    'updateOrganizationPolicy',
    `policy { ${POLICY_FIELDS} }`,
    { organizationId, ...limits },
  );
}
