import { expect, test } from '@jest/globals';
import { Scope } from '../../src/scopes';
import type { KeyFacts } from '../../src/verification/facts';
import type { Verification } from '../../src/verification/verification';
import { toJsonText } from '../../src/verification/verification-json';

const ORGANIZATION = { level: 'ORGANIZATION', id: '01890000-0000-7000-8000-000000000000' } as const;
const ACCOUNT = { level: 'ACCOUNT', id: '01890000-0000-7000-8000-000000000001' } as const;
const AT = Date.UTC(2026, 0, 31, 12);

const key: KeyFacts = {
  selector: 'selector',
  digest: 'never told',
  pepperVersion: 1,
  source: 'GENERATED',
  secretExpiresAt: null,
  id: 'key',
  organizationId: ORGANIZATION.id,
  name: 'A "name" with \\ and \u2028, \ud800 and ü',
  metadata: { note: '</script>', list: [1, null] },
  expiresAt: AT,
  disabledAt: null,
  revokedAt: null,
  limits: null,
  scope: new Scope([ACCOUNT]),
};

const apiKey = {
  id: key.id,
  name: key.name,
  organizationId: key.organizationId,
  scope: { organizationId: null, accountIds: [ACCOUNT.id], widgetIds: [], environmentIds: [] },
  metadata: key.metadata,
  expiresAt: '2026-01-31T12:00:00.000Z',
};

const valid: Verification = {
  code: 'VALID',
  key,
  grantedBy: { grant: ACCOUNT, path: [ACCOUNT] },
  missingGrant: null,
  limits: [
    {
      kind: 'RATE_LIMIT',
      limit: 10,
      remaining: 9,
      resetsAt: AT,
      resetsInSeconds: 60,
      windowSeconds: 60,
    },
  ],
  retryAfterSeconds: null,
};

const validJson = {
  valid: true,
  code: 'VALID',
  apiKey,
  grantedBy: { level: 'ACCOUNT', resourceId: ACCOUNT.id, path: [ACCOUNT] },
  missingGrant: null,
  limits: [
    {
      kind: 'RATE_LIMIT',
      limit: 10,
      remaining: 9,
      resetsInSeconds: 60,
      windowSeconds: 60,
      resetsAt: '2026-01-31T12:00:00.000Z',
    },
  ],
  retryAfterSeconds: null,
};

const refused: Verification = {
  code: 'OUT_OF_SCOPE',
  key: { ...key, metadata: null, expiresAt: null },
  grantedBy: null,
  missingGrant: ORGANIZATION,
  limits: [],
  retryAfterSeconds: 7,
};

const refusedJson = {
  valid: false,
  code: 'OUT_OF_SCOPE',
  apiKey: { ...apiKey, metadata: null, expiresAt: null },
  grantedBy: null,
  missingGrant: { level: 'ORGANIZATION', resourceId: ORGANIZATION.id },
  limits: [],
  retryAfterSeconds: 7,
};

const unknown: Verification = {
  code: 'NOT_FOUND',
  key: null,
  grantedBy: null,
  missingGrant: null,
  limits: [],
  retryAfterSeconds: null,
};

const unknownJson = {
  valid: false,
  code: 'NOT_FOUND',
  apiKey: null,
  grantedBy: null,
  missingGrant: null,
  limits: [],
  retryAfterSeconds: null,
};

test.each([
  ['a valid key', valid, validJson],
  ['a refused key', refused, refusedJson],
  ['no key', unknown, unknownJson],
])('an answer about %s is the text of its JSON, each time that it is given', (_of, answer, json) => {
  expect(toJsonText(answer)).toBe(JSON.stringify(json));
  expect(toJsonText(answer)).toBe(JSON.stringify(json));
});

test('many answers are a list, in their order', () => {
  expect(toJsonText([valid, unknown, refused])).toBe(JSON.stringify([validJson, unknownJson, refusedJson]));
  expect(toJsonText([unknown])).toBe(JSON.stringify([unknownJson]));
});
