import { depthOf, type Breadth } from '../scopes';
import type { OrganizationPolicy } from './organization-policy';

/** What a policy looks at in a key. */
export interface KeyUnderPolicy {
  readonly breadth: Breadth;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

/** A way in which a key is against the policy: the field of the key at fault, and what is expected, in words. */
export interface PolicyViolation {
  readonly field: 'scope' | 'expiresAt';
  readonly message: string;
}

/** In which ways a key is against a policy. Its lifetime goes from when it was made, however often it is prolonged. */
export function policyViolations(
  { breadth, createdAt, expiresAt }: KeyUnderPolicy,
  policy: OrganizationPolicy,
): readonly PolicyViolation[] {
  const violations: PolicyViolation[] = [];
  if (breadth !== 'NONE' && depthOf(breadth) < depthOf(policy.widestGrant)) {
    const message = `The policy allows grants of ${policy.widestGrant} and narrower, not ${breadth}.`;
    violations.push({ field: 'scope', message });
  }
  if (expiresAt === null && (policy.expiryRequired || policy.maxLifetimeSeconds !== null)) {
    violations.push({ field: 'expiresAt', message: 'The policy requires an expiry.' });
  }
  const { maxLifetimeSeconds } = policy;
  if (
    expiresAt !== null &&
    maxLifetimeSeconds !== null &&
    expiresAt - createdAt > maxLifetimeSeconds * 1000
  ) {
    const message = `The policy allows a lifetime of at most ${maxLifetimeSeconds} seconds from when a key is made.`;
    violations.push({ field: 'expiresAt', message });
  }
  return violations;
}
