import { registerEnumType } from 'type-graphql';
import type { EnumOf } from '../shared/enum-of';

/** The outcomes of a verification. */
export const VerificationCode = {
  VALID: 'VALID',
  INVALID_FORMAT: 'INVALID_FORMAT',
  NOT_FOUND: 'NOT_FOUND',
  REVOKED: 'REVOKED',
  DISABLED: 'DISABLED',
  EXPIRED: 'EXPIRED',
  NO_SCOPE: 'NO_SCOPE',
  OUT_OF_SCOPE: 'OUT_OF_SCOPE',
  RESOURCE_NOT_FOUND: 'RESOURCE_NOT_FOUND',
  RATE_LIMITED: 'RATE_LIMITED',
  USAGE_EXCEEDED: 'USAGE_EXCEEDED',
} as const;

export type VerificationCode = (typeof VerificationCode)[keyof typeof VerificationCode];

registerEnumType(VerificationCode satisfies EnumOf<VerificationCode>, {
  name: 'VerificationCode',
  description: 'What came of the verification of a secret key.',
  valuesConfig: {
    VALID: { description: 'The key may do this.' },
    INVALID_FORMAT: {
      description: 'What was sent is no secret key: it is cut off, mistyped or something else.',
    },
    NOT_FOUND: { description: 'There is no such key, or none that you may verify.' },
    REVOKED: { description: 'The key was ended for good.' },
    DISABLED: { description: 'The key is switched off.' },
    EXPIRED: { description: 'The key has ended by itself.' },
    NO_SCOPE: { description: 'The key has no grants, so that it may touch nothing.' },
    OUT_OF_SCOPE: { description: 'The key may not touch this resource.' },
    RESOURCE_NOT_FOUND: { description: 'There is no such resource.' },
    RATE_LIMITED: { description: 'The key is used too fast. Try again when the limit resets.' },
    USAGE_EXCEEDED: { description: 'The quota of the key is used up until it is refilled.' },
  },
});
