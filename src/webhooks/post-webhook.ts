import { lookup } from 'node:dns';
import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { isPrivateLiteral } from './endpoint-url';
import { isPublicAddress } from './public-address';

/** A message to an endpoint. */
export interface WebhookMessage {
  /** The same at each attempt, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly url: string;
  readonly signingSecret: string;
  /** The body, to the letter. */
  readonly payload: string;
}

export interface PostSettings {
  readonly timeoutMs: number;
  readonly privateAddresses: boolean;
}

/** What became of an attempt. */
export interface Attempt {
  /** The status of the answer; null without one. */
  readonly responseStatus: number | null;
  /** Why it failed, in words that can be shown; null: it did not. */
  readonly error: string | null;
}

/** Posts a message, signed by the Standard Webhooks scheme. Only the status of the answer is read. */
export async function postWebhook(
  message: WebhookMessage,
  now: number,
  settings: PostSettings,
): Promise<Attempt> {
  const signal = AbortSignal.timeout(settings.timeoutMs);
  try {
    const status = await post(message, now, settings, signal);
    return { responseStatus: status, error: errorOfStatus(status) };
  } catch (error) {
    const words = signal.aborted ? `No answer within ${settings.timeoutMs / 1000} s.` : wordsFor(error);
    return { responseStatus: null, error: words };
  }
}

async function post(
  message: WebhookMessage,
  now: number,
  { privateAddresses }: PostSettings,
  signal: AbortSignal,
): Promise<number> {
  const url = new URL(message.url);
  // The connection to an address that is written as such asks for no look-up.
  if (!privateAddresses && isPrivateLiteral(url)) throw new AddressRefused();
  const request = url.protocol === 'https:' ? requestByHttps : requestByHttp;
  return new Promise((resolve, reject) => {
    request(url, {
      method: 'POST',
      headers: headersOf(message, now),
      agent: false,
      signal,
      ...(!privateAddresses && { lookup: lookupPublic }),
    })
      .on('response', (response) => {
        resolve(response.statusCode ?? 0);
        // However long the body is, none of it is read.
        response.destroy();
      })
      .on('error', reject)
      .end(message.payload);
  });
}

function headersOf(
  { id, signingSecret, payload }: WebhookMessage,
  now: number,
): Record<string, string | number> {
  return {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(payload),
    'user-agent': 'Scopegate-Webhooks',
    'webhook-id': id,
    'webhook-timestamp': Math.floor(now / 1000),
    'webhook-signature': new Webhook(signingSecret).sign(id, new Date(now), payload),
  };
}

/** The name of the host leads to an address that is not of the internet. */
class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Looks a name up once: the addresses that are checked here are those that the connection is made to, so that a name
 * cannot lead elsewhere in between.
 */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = error ? [] : addresses;
    if (error || first === undefined) callback(error ?? new Error('The name has no address.'), []);
    else if (!addresses.every(({ address }) => isPublicAddress(address))) callback(new AddressRefused(), []);
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

function errorOfStatus(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `The endpoint answered ${status}; redirects are not followed.`;
  return `The endpoint answered ${status}.`;
}

function wordsFor(error: unknown): string {
  if (error instanceof AddressRefused) return 'The address is private, and only the internet is reached.';
  const { code = '' } = error as NodeJS.ErrnoException;
  if (/^(ENOTFOUND|EAI_)/.test(code)) return 'The name of the host was not found.';
  if (/CERT|SELF_SIGNED|SIGNATURE|ERR_TLS|ERR_SSL|EPROTO/.test(code)) return 'No secure connection.';
  if (code.startsWith('HPE_')) return 'The endpoint did not answer in HTTP.';
  return 'No connection.';
}
