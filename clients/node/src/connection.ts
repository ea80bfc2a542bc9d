import * as http from 'node:http';
import * as https from 'node:https';

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/**
 * Nothing came back. `NOT_CONNECTED`: nobody has seen the request. `BROKEN`: it may have been carried out. `TIMED_OUT`
 * likewise.
 */
export class NoReply {
  constructor(
    readonly kind: 'NOT_CONNECTED' | 'BROKEN' | 'TIMED_OUT',
    /** The system's name for it, such as ECONNREFUSED. */
    readonly code: string,
  ) {}
}

/** Errors of the system by which a connection was not even made, and which pass. */
const NOT_CONNECTED = ['ECONNREFUSED', 'EAI_AGAIN'];

/** Shorter than the time after which servers and proxies commonly end connections that nothing is sent on. */
const IDLE_MS = 15_000;

/** Sends JSON to one address, over connections that are kept. */
export class Connection {
  readonly #address: URL;
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;

  constructor(address: URL, maxSockets: number) {
    const options = { keepAlive: true, maxSockets, timeout: IDLE_MS };
    const secure = address.protocol === 'https:';
    this.#address = address;
    this.#agent = secure ? new https.Agent(options) : new http.Agent(options);
    this.#request = secure ? https.request : http.request;
  }

  /** Never rejects, so that no error of the system, which can hold what was sent, goes on from here. */
  post(body: string, token: string, signal: AbortSignal): Promise<Reply | NoReply> {
    return new Promise((resolve) => {
      const fail = (error: NodeJS.ErrnoException) => resolve(noReply(error, signal));
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        accept: 'application/json',
        authorization: `Bearer ${token}`,
      };
      const options = { method: 'POST', agent: this.#agent, headers, signal };
      const request = this.#request(this.#address, options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', fail);
      });
      request.on('error', fail);
      request.end(body);
    });
  }

  /** Ends the connections. Requests that wait for a reply get none. */
  close(): void {
    this.#agent.destroy();
  }
}

function noReply({ code = 'UNKNOWN' }: NodeJS.ErrnoException, signal: AbortSignal): NoReply {
  if (signal.aborted) return new NoReply('TIMED_OUT', code);
  return new NoReply(NOT_CONNECTED.includes(code) ? 'NOT_CONNECTED' : 'BROKEN', code);
}
