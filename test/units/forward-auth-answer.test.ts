import { describe, expect, test } from '@jest/globals';
import { toForwardAuthAnswer } from '../../src/verification/forward-auth/forward-auth-answer';
import { Scope } from '../../src/scopes';
import type { Verification } from '../../src/verification/verification';
import { VerificationCode } from '../../src/verification/verification-code';

const ID = '01890000-0000-7000-8000-00000000000e';

const verification = (code: VerificationCode): Verification => ({
  code,
  key: null,
  grantedBy: null,
  missingGrant: null,
  limits: [{ kind: 'QUOTA', limit: 5, remaining: 0, resetsAt: 0, resetsInSeconds: 7, windowSeconds: 86_400 }],
  retryAfterSeconds: code === 'VALID' ? null : 7,
});

describe('answers to proxies', () => {
  test.each([
    ['VALID', 204],
    ['INVALID_FORMAT', 401],
    ['NOT_FOUND', 401],
    ['REVOKED', 401],
    ['DISABLED', 401],
    ['EXPIRED', 401],
    ['NO_SCOPE', 403],
    ['OUT_OF_SCOPE', 403],
    ['RESOURCE_NOT_FOUND', 403],
    ['RATE_LIMITED', 429],
    ['USAGE_EXCEEDED', 429],
  ] as const)('%s is told by %d', (code, status) => {
    expect(toForwardAuthAnswer(verification(code), null, 204).status).toBe(status);
  });

  test('there is one for every outcome', () => {
    for (const code of Object.values(VerificationCode))
      expect(toForwardAuthAnswer(verification(code), null, 204).status).toBeGreaterThan(200);
  });

  test('a key that is used too fast is told when to come back', () => {
    const { headers } = toForwardAuthAnswer(verification('RATE_LIMITED'), null, 204);
    expect(headers).toEqual({
      ratelimit: '"quota";r=0;t=7',
      'ratelimit-policy': '"quota";q=5;w=86400',
      'retry-after': '7',
    });
  });

  test('what is left is told with a yes, and of keys that may not nothing is', () => {
    expect(toForwardAuthAnswer(verification('VALID'), null, 204).headers).toMatchObject({
      ratelimit: '"quota";r=0;t=7',
    });
    for (const code of ['REVOKED', 'OUT_OF_SCOPE'] as const)
      expect(toForwardAuthAnswer(verification(code), null, 204).headers).not.toHaveProperty('ratelimit');
  });

  test('names of keys fit into a header, whatever they hold', () => {
    const key = {
      id: ID,
      organizationId: ID,
      name: 'Café "1",\u{1F511}\ud800',
      selector: '',
      digest: '',
      pepperVersion: 1,
      source: 'GENERATED' as const,
      secretExpiresAt: null,
      metadata: null,
      expiresAt: null,
      disabledAt: null,
      revokedAt: null,
      limits: null,
      scope: Scope.NOTHING,
    };
    const resource = { level: 'ENVIRONMENT' as const, id: ID };
    const { headers } = toForwardAuthAnswer({ ...verification('VALID'), key }, resource, 204);
    expect(headers['x-scopegate-key-name']).toBe('Caf%C3%A9%20%221%22%2C%F0%9F%94%91%EF%BF%BD');
    expect(headers['x-scopegate-resource']).toBe(`ENVIRONMENT:${ID}`);
  });
});
