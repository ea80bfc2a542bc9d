import { setTimeout as pause } from 'node:timers/promises';
import { NoReply, type Connection, type Reply } from './connection';
import { ScopegateBadRequest, ScopegateRefused, ScopegateUnavailable } from './errors';
import type { ServiceToken } from './service-token';

export interface AskerParts {
  readonly connection: Connection;
  readonly token: ServiceToken;
  readonly timeoutMs: number;
  /** How often to ask again where that is safe. */
  readonly retries: number;
}

/**
 * When asking again cannot count a use twice. `ALWAYS`: nothing is used up. `BEFORE_COUNTING`: when Scopegate itself says
 * that it cannot answer, it has counted nothing. `UNSEEN`: only when nobody has seen the request.
 */
export type Repeatable = 'ALWAYS' | 'BEFORE_COUNTING' | 'UNSEEN';

/** The first pause before asking again. Each further one is about twice as long. */
const FIRST_PAUSE_MS = 50;

/** Asks Scopegate, once or as often as is safe, within a time. */
export class Asker {
  readonly #parts: AskerParts;

  constructor(parts: AskerParts) {
    this.#parts = parts;
  }

  /**
   * @returns the body of an answer with status 200
   * @throws ScopegateError
   */
  async ask(body: string, repeatable: Repeatable): Promise<string> {
    const signal = AbortSignal.timeout(this.#parts.timeoutMs);
    let token = await this.#before(signal, this.#parts.token.current());
    let renewed = false;
    for (let repeats = 0; ;) {
      const reply = await this.#parts.connection.post(body, token, signal);
      if (isReply(reply, 200)) return reply.text;
      if (isReply(reply, 401) && !renewed) {
        renewed = true;
        const refused = token;
        token = await this.#before(signal, this.#parts.token.after(refused));
        if (token !== refused) continue;
      }
      if (repeats === this.#parts.retries || !maySendAgain(reply, repeatable)) throw this.#failure(reply);
      await this.#pause(repeats++, signal);
    }
  }

  /** Waits for a token, but not past the end of the time. */
  async #before(signal: AbortSignal, token: string | Promise<string>): Promise<string> {
    if (typeof token === 'string') return token;
    try {
      return await Promise.race([token, rejectAt(signal)]);
    } catch {
      if (!signal.aborted) throw new ScopegateUnavailable('TOKEN', 'The function that brings tokens failed.');
      this.#parts.token.giveUp(token);
      throw this.#timeout();
    }
  }

  /** Differs from one to the next, so that those that failed together do not come back together. */
  async #pause(repeats: number, signal: AbortSignal): Promise<void> {
    const longest = FIRST_PAUSE_MS * 2 ** repeats;
    try {
      await pause(longest * (0.5 + Math.random() / 2), undefined, { signal });
    } catch {
      throw this.#timeout();
    }
  }

  #failure(reply: Reply | NoReply): Error {
    if (reply instanceof NoReply) {
      if (reply.kind === 'TIMED_OUT') return this.#timeout();
      return new ScopegateUnavailable('CONNECTION', `Scopegate could not be asked: ${reply.code}.`);
    }
    const { status } = reply;
    if (status === 401 || status === 403) return new ScopegateRefused(status);
    if (status === 400) return new ScopegateBadRequest('the server answered with HTTP status 400');
    return new ScopegateUnavailable('STATUS', `Scopegate cannot answer now: HTTP status ${status}.`, status);
  }

  #timeout(): ScopegateUnavailable {
    return new ScopegateUnavailable(
      'TIMEOUT',
      `Scopegate did not answer within ${this.#parts.timeoutMs} ms.`,
    );
  }
}

function isReply(reply: Reply | NoReply, status: number): reply is Reply {
  return !(reply instanceof NoReply) && reply.status === status;
}

function maySendAgain(reply: Reply | NoReply, repeatable: Repeatable): boolean {
  if (reply instanceof NoReply) {
    if (reply.kind === 'NOT_CONNECTED') return true;
    return reply.kind === 'BROKEN' && repeatable === 'ALWAYS';
  }
  if (reply.status !== 503) return false;
  return repeatable === 'ALWAYS' || (repeatable === 'BEFORE_COUNTING' && isOfScopegate(reply));
}

/** Proxies, too, answer 503, also for a connection that broke after Scopegate had counted; but not in its words. */
function isOfScopegate({ text }: Reply): boolean {
  try {
    const body = JSON.parse(text) as { readonly code?: unknown; readonly statusCode?: unknown } | null;
    // The second is how a server that is stopping turns away what comes over connections that it had.
    return body?.code === 'SERVICE_UNAVAILABLE' || body?.statusCode === 503;
  } catch {
    return false;
  }
}

function rejectAt(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new Error('The time is over.'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
