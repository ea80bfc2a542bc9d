import { isIP } from 'node:net';
import { rejected, type Rejection } from '../shared/user-errors';
import { isPublicAddress } from './public-address';

/** Where webhooks may be sent. */
export interface EndpointRules {
  /** Whether an endpoint on this machine may do without TLS: for development. */
  readonly plainLoopback: boolean;
  /** Whether addresses that are not of the internet are reached. */
  readonly privateAddresses: boolean;
}

const MAX_URL_LENGTH = 2000;

/**
 * Checks the URL of a new endpoint.
 *
 * A name is not looked up here, since it can lead elsewhere at any time: that is checked at each delivery.
 *
 * @throws Rejection INVALID
 */
export function checkEndpointUrl(text: string, rules: EndpointRules): string {
  if (!URL.canParse(text)) throw invalid('Expected a URL such as https://example.com/webhooks.');
  const url = new URL(text);
  const plain = url.protocol === 'http:' && rules.plainLoopback && isLoopback(url);
  if (url.protocol !== 'https:' && !plain) throw invalid('Expected a URL that begins with https.');
  if (url.username !== '' || url.password !== '') {
    throw invalid('Expected a URL without a user name and a password. Check the signature instead.');
  }
  if (!rules.privateAddresses && isPrivateLiteral(url)) {
    throw invalid('Expected an address of the internet; this one is private.');
  }
  url.hash = '';
  if (url.href.length > MAX_URL_LENGTH) throw invalid(`Expected at most ${MAX_URL_LENGTH} characters.`);
  return url.href;
}

/** Whether the host of a URL is an address, written as such, that is not of the internet. */
export function isPrivateLiteral(url: URL): boolean {
  const address = addressOf(url);
  return isIP(address) !== 0 && !isPublicAddress(address);
}

function isLoopback(url: URL): boolean {
  const host = addressOf(url);
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

function addressOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function invalid(message: string): Rejection {
  return rejected('INVALID', message, ['url']);
}
