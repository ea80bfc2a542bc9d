import { Asker, type Repeatable } from './asker';
import { checkQuestion } from './check-question';
import { Connection } from './connection';
import { readAnswer, readAnswers } from './read-answer';
import { secretKeyForm, type LooksLikeSecretKey } from './secret-key-form';
import { ServiceToken, type TokenSource } from './service-token';
import type { Question, RefusedVerification, Verification } from './verification';

export interface VerifierOptions {
  /** Where Scopegate is, such as `https://keys.example.com`; a path is kept. */
  readonly url: string | URL;
  /** The token of this service, or a function that brings one. The function is called again once a token is refused. */
  readonly token: TokenSource;
  /** How long a request may take, with all that is tried again; 2,000 by default. */
  readonly timeoutMs?: number;
  /** How often to ask again where no use can be counted twice; 2 by default. */
  readonly retries?: number;
  /** How many connections to keep at most; 64 by default. What goes beyond them waits. */
  readonly connections?: number;
  /** What every secret key begins with (`sg`): anything else is refused without asking. Leave it out if keys were imported. */
  readonly prefix?: string;
}

/** Asks Scopegate whether secret keys may touch resources. */
export interface Verifier {
  /**
   * A refusal is an answer, too: look at `valid`, or at `code`.
   *
   * @throws ScopegateError when nobody can say; the key must not be let in then
   */
  verify(question: Question): Promise<Verification>;

  /**
   * The answers in the order of the questions. 100 go into one request; more are sent one request after the other, each
   * with the time of one. `fresh` of one holds for all that go with it.
   *
   * @throws ScopegateError when one of the requests is not answered
   */
  verifyMany(questions: readonly Question[]): Promise<readonly Verification[]>;

  /** Ends the connections. Questions that wait on them for an answer get none. */
  close(): void;
}

const MAX_QUESTIONS = 100;

/** @throws TypeError, RangeError for options that cannot work */
export function createVerifier({ url, token, ...options }: VerifierOptions): Verifier {
  const connections = wholeNumber('connections', options.connections ?? 64, 1);
  const parts = {
    connection: new Connection(verifyAddress(url), connections),
    token: new ServiceToken(token),
    timeoutMs: wholeNumber('timeoutMs', options.timeoutMs ?? 2000, 1),
    retries: wholeNumber('retries', options.retries ?? 2, 0),
  };
  return new RemoteVerifier(new Asker(parts), parts.connection, secretKeyForm(options.prefix ?? null));
}

class RemoteVerifier implements Verifier {
  // Private for good: what is printed of a verifier shows neither the token nor what its connections carry.
  readonly #asker: Asker;
  readonly #connection: Connection;
  readonly #looksLikeSecretKey: LooksLikeSecretKey;

  constructor(asker: Asker, connection: Connection, looksLikeSecretKey: LooksLikeSecretKey) {
    this.#asker = asker;
    this.#connection = connection;
    this.#looksLikeSecretKey = looksLikeSecretKey;
  }

  async verify(given: Question): Promise<Verification> {
    const question = checkQuestion(given);
    if (!this.#looksLikeSecretKey(question.secretKey)) return MALFORMED;
    // One question is counted as the last thing that is done with it.
    const repeatable = isFree(question) ? 'ALWAYS' : 'BEFORE_COUNTING';
    return readAnswer(await this.#asker.ask(JSON.stringify(question), repeatable), question);
  }

  async verifyMany(given: readonly Question[]): Promise<readonly Verification[]> {
    const questions = given.map(checkQuestion);
    const sent = questions.filter(({ secretKey }) => this.#looksLikeSecretKey(secretKey));
    const answers = new Map<Question, Verification>();
    for (let start = 0; start < sent.length; start += MAX_QUESTIONS) {
      const together = sent.slice(start, start + MAX_QUESTIONS);
      // Some of many can have been counted before the server found that it cannot go on.
      const repeatable: Repeatable = together.every(isFree) ? 'ALWAYS' : 'UNSEEN';
      const text = await this.#asker.ask(JSON.stringify(together), repeatable);
      for (const [question, answer] of readAnswers(text, together)) answers.set(question, answer);
    }
    return questions.map((question) => answers.get(question) ?? MALFORMED);
  }

  close(): void {
    this.#connection.close();
  }
}

/** What the server would answer as well. */
const MALFORMED: RefusedVerification = Object.freeze({
  valid: false,
  code: 'INVALID_FORMAT',
  apiKey: null,
  grantedBy: null,
  missingGrant: null,
  limits: Object.freeze([]),
  retryAfterSeconds: null,
});

function isFree({ cost }: Question): boolean {
  return cost === 0;
}

/** The message does not repeat what was given: a password can stand in an address. */
function verifyAddress(url: string | URL): URL {
  if (!URL.canParse(String(url))) throw new TypeError('url: expected the address of Scopegate.');
  const { protocol, username, password, origin, pathname } = new URL(url);
  if (!['http:', 'https:'].includes(protocol)) throw new TypeError('url: expected http: or https:.');
  if (username !== '' || password !== '') {
    throw new TypeError('url: expected no user and password in it. The token says who asks.');
  }
  return new URL(`${origin}${pathname.replace(/\/+$/, '')}/v1/verify`);
}

function wholeNumber(option: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new RangeError(`${option}: expected a whole number from ${least}.`);
}
