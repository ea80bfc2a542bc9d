import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const SOCKET_MADE = 'net.client.socket';

/** How many connections were made, or tried, during the work. */
export async function countConnections(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  await duringConnections(() => (count += 1), work);
  return count;
}

/** Tells of each connection that is tried during the work. */
export async function duringConnections<Result>(
  tell: (socket: Socket) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const told = (message: unknown) => tell((message as { readonly socket: Socket }).socket);
  subscribe(SOCKET_MADE, told);
  try {
    return await work();
  } finally {
    unsubscribe(SOCKET_MADE, told);
  }
}
