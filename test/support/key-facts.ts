import { Scope } from '../../src/scopes';
import type { KeyFacts } from '../../src/verification/facts';

/** What verification knows of an active key that may touch all of an organization, but for what is said otherwise. */
export function keyFactsOf(organizationId: string, other: Partial<KeyFacts> = {}): KeyFacts {
  return {
    selector: 'selector',
    digest: '',
    pepperVersion: 1,
    source: 'GENERATED',
    secretExpiresAt: null,
    id: 'key',
    organizationId,
    name: 'Key',
    metadata: null,
    expiresAt: null,
    disabledAt: null,
    revokedAt: null,
    limits: null,
    scope: new Scope([{ level: 'ORGANIZATION', id: organizationId }]),
    ...other,
  };
}
