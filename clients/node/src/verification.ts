/** The levels of resources, from the widest. */
export type Level = 'ORGANIZATION' | 'ACCOUNT' | 'WIDGET' | 'ENVIRONMENT';

/** A resource, by its level and its id. */
export interface ResourceRef {
  readonly level: Level;
  /** A UUID. */
  readonly id: string;
}

/** May whoever holds this secret key touch this resource? */
export interface Question {
  /** The whole secret key, as the caller sent it. */
  readonly secretKey: string;
  /** What the key is to be used on. Without it: is the key good for anything? */
  readonly resource?: ResourceRef;
  /** How much of the limits of the key this uses up: a whole number from 0 (nothing); 1 by default. */
  readonly cost?: number;
  /** Whether to ask the database, rather than be answered as it was a moment ago. */
  readonly fresh?: boolean;
}

/** Why a key may not. */
export type RefusalCode =
  | 'INVALID_FORMAT'
  | 'NOT_FOUND'
  | 'REVOKED'
  | 'DISABLED'
  | 'EXPIRED'
  | 'NO_SCOPE'
  | 'OUT_OF_SCOPE'
  | 'RESOURCE_NOT_FOUND'
  | 'RATE_LIMITED'
  | 'USAGE_EXCEEDED';

/** What came of a question. */
export type VerificationCode = 'VALID' | RefusalCode;

/** What a key may touch, by ids. */
export interface Scope {
  /** The organization, if the key may touch all of it. */
  readonly organizationId: string | null;
  readonly accountIds: readonly string[];
  readonly widgetIds: readonly string[];
  readonly environmentIds: readonly string[];
}

/** A key, without its secret. */
export interface VerifiedApiKey {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly organizationId: string;
  readonly scope: Scope;
  /** What the maker keeps with the key. */
  readonly metadata: Readonly<Record<string, unknown>> | null;
  /** When the key ends by itself (ISO 8601); null: never. */
  readonly expiresAt: string | null;
}

/** One entry of a scope. */
export interface Grant {
  readonly level: Level;
  readonly resourceId: string;
}

/** The nearest grant that reaches a resource. */
export interface GrantedBy extends Grant {
  /** The way from the granted resource, which comes first, down to the one that was asked about. */
  readonly path: readonly ResourceRef[];
}

/** What is left of a limit of a key. */
export interface LimitState {
  readonly kind: 'RATE_LIMIT' | 'QUOTA';
  readonly limit: number;
  readonly remaining: number;
  /** When all of it is there again (ISO 8601). */
  readonly resetsAt: string;
  /** How long that is from now, for readers whose clock is another. */
  readonly resetsInSeconds: number;
  /** The length of the window, or of the period between refills. */
  readonly windowSeconds: number;
}

/** The key may. */
export interface ValidVerification {
  readonly valid: true;
  readonly code: 'VALID';
  readonly apiKey: VerifiedApiKey;
  /** Why; null when no resource was asked about. */
  readonly grantedBy: GrantedBy | null;
  readonly missingGrant: null;
  /** Empty without limits. */
  readonly limits: readonly LimitState[];
  readonly retryAfterSeconds: null;
}

/** The key may not. */
export interface RefusedVerification {
  readonly valid: false;
  readonly code: RefusalCode;
  /** Null when there is no such key, or none that this service may verify. */
  readonly apiKey: VerifiedApiKey | null;
  readonly grantedBy: null;
  /** The least that would have to be granted, when the code is OUT_OF_SCOPE; null when nothing could be. */
  readonly missingGrant: Grant | null;
  readonly limits: readonly LimitState[];
  /** When the limits would allow the use that they refuse; null: they do not refuse it, or never would allow it. */
  readonly retryAfterSeconds: number | null;
}

/** The answer to a question. */
export type Verification = ValidVerification | RefusedVerification;
