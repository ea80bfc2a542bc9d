import { BlockList } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Headers by which proxies tell for whom they ask. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

const LOOPBACK_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Whether a request was made on this machine, for this machine, by a page of ours if by a page at all. The name counts
 * too: a page of somebody else's can have its own name lead to 127.0.0.1, and would be of the same origin as we are.
 */
export function isFromOwnMachine({ socket, hostname, headers }: FastifyRequest): boolean {
  const from = headers['sec-fetch-site'];
  return (
    isLoopback(socket.remoteAddress ?? '') &&
    LOOPBACK_NAME.test(hostname) &&
    (from === undefined || from === 'same-origin') &&
    PROXY_HEADERS.every((name) => headers[name] === undefined)
  );
}

function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}
