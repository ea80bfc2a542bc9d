export { createVerifier } from './verifier';
export type { Verifier, VerifierOptions } from './verifier';
export type { TokenSource } from './service-token';
export { ScopegateBadRequest, ScopegateError, ScopegateRefused, ScopegateUnavailable } from './errors';
export type { UnavailableReason } from './errors';
export type { GuardOptions } from './guard';
export type {
  Grant,
  GrantedBy,
  Level,
  LimitState,
  Question,
  RefusalCode,
  RefusedVerification,
  ResourceRef,
  Scope,
  ValidVerification,
  Verification,
  VerificationCode,
  VerifiedApiKey,
} from './verification';
