import { once } from 'node:events';
import type { Running } from './set-up';

export default async function tearDown(): Promise<void> {
  const { running } = globalThis as { running?: Running };
  for (const child of running?.processes ?? []) {
    const ended = once(child, 'exit');
    // They would wait for connections that are kept open.
    if (child.kill('SIGKILL')) await ended;
  }
  await running?.products.stop();
}
