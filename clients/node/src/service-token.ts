/** A token, or a function that brings one, such as by client credentials. */
export type TokenSource = string | (() => string | Promise<string>);

/** What can be sent in a header. */
const SENDABLE = /^[\x21-\x7e]+$/;

/** The token by which this service is known. It is brought when it is first needed, and again when it is refused. */
export class ServiceToken {
  readonly #source: TokenSource;
  #known: string | null = null;
  #coming: Promise<string> | null = null;

  /** @throws TypeError for what can be no token */
  constructor(source: TokenSource) {
    if (typeof source === 'string') this.#known = checked(source);
    else if (typeof source !== 'function')
      throw new TypeError('token: expected a token, or a function that brings one.');
    this.#source = source;
  }

  /** The token to ask with. */
  current(): string | Promise<string> {
    return this.#known ?? this.#bring();
  }

  /** The token to ask with after one was refused: the same when there is no other. */
  after(refused: string): string | Promise<string> {
    if (typeof this.#source === 'string') return refused;
    // Those that were refused together wait for one new token together.
    if (this.#known === refused) this.#known = null;
    return this.current();
  }

  /** Waits no longer for a token that does not come, so that the next question has another one brought. */
  giveUp(coming: Promise<string>): void {
    if (this.#coming === coming) this.#coming = null;
  }

  #bring(): Promise<string> {
    if (this.#coming !== null) return this.#coming;
    const coming = call(this.#source)
      .then((token) => (this.#known = checked(token)))
      .finally(() => this.giveUp(coming));
    this.#coming = coming;
    return coming;
  }
}

/** A function that throws instead of promising is one that failed, too. */
async function call(source: TokenSource): Promise<string> {
  return typeof source === 'string' ? source : source();
}

function checked(token: unknown): string {
  if (typeof token === 'string' && SENDABLE.test(token)) return token;
  throw new TypeError('token: expected text that can be sent in a header.');
}
