import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const REQUEST_STARTED = 'http.client.request.start';

/** How many requests the client sent during the work, whatever became of them. */
export async function countRequests(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const counted = () => (count += 1);
  subscribe(REQUEST_STARTED, counted);
  try {
    await work();
    return count;
  } finally {
    unsubscribe(REQUEST_STARTED, counted);
  }
}
