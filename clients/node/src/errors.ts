/** Whatever keeps a question from being answered. None of these errors ever holds a secret key or a token. */
export class ScopegateError extends Error {
  override readonly name: string = 'ScopegateError';
}

/**
 * Why there is no answer: `TIMEOUT` it took too long, `CONNECTION` there was none or it broke, `STATUS` the server, or a
 * proxy before it, cannot answer now, `ANSWER` what came is no answer of Scopegate, `TOKEN` the function that brings
 * tokens failed.
 */
export type UnavailableReason = 'TIMEOUT' | 'CONNECTION' | 'STATUS' | 'ANSWER' | 'TOKEN';

/** Nobody can say now whether the key may. It must not be let in. */
export class ScopegateUnavailable extends ScopegateError {
  override readonly name = 'ScopegateUnavailable';

  constructor(
    readonly reason: UnavailableReason,
    message: string,
    /** The HTTP status that came; null when none did. */
    readonly status: number | null = null,
  ) {
    super(message);
  }
}

/** Scopegate does not let this service ask: its token is not good, or lacks `api-keys:verify`. */
export class ScopegateRefused extends ScopegateError {
  override readonly name = 'ScopegateRefused';

  constructor(readonly status: 401 | 403) {
    super(
      status === 401
        ? 'Scopegate does not accept the token of this service.'
        : 'The token of this service does not allow it to verify keys: its scope claim needs api-keys:verify.',
    );
  }
}

/** The question itself is wrong, such as an id that is no UUID. */
export class ScopegateBadRequest extends ScopegateError {
  override readonly name = 'ScopegateBadRequest';

  constructor(problem: string) {
    super(`Scopegate cannot be asked this: ${problem}.`);
  }
}
