import { depthOf, type Breadth } from '../scopes';
import type { OrganizationPolicy } from './organization-policy';

/** What a policy looks at in a key. */
export interface KeyUnderPolicy {
  readonly breadth: Breadth;
  readonly expiresAt: number | null;
}

/** A way in which a key is against the policy: the field of the key at fault, and what is expected, in words. */
export interface PolicyViolation {
  readonly field: 'scope' | 'expiresAt';
  readonly message: string;
}

/**
 * In which ways a key is against a policy.
 *
 * @param from when its lifetime is taken to begin: now for a key that is being made or changed, else when it was made
 */
export function policyViolations(
  { breadth, expiresAt }: KeyUnderPolicy,
  policy: OrganizationPolicy,
  from: number,
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
  if (expiresAt !== null && maxLifetimeSeconds !== null && expiresAt - from > maxLifetimeSeconds * 1000) {
    const message = `The policy allows a lifetime of at most ${maxLifetimeSeconds} seconds.`;
    violations.push({ field: 'expiresAt', message });
  }
  return violations;
}
