import { inspect } from 'node:util';

/** What a promise is rejected with. */
export async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It was to be rejected, and was not.');
}

/** Everything that can be read off a value, also where it is not printed by default. */
export function allOf(value: unknown): string {
  const serialized = JSON.stringify(value, (_, part: unknown) => (typeof part === 'function' ? null : part));
  return `${inspect(value, { depth: Infinity, showHidden: true, getters: true })}${serialized}`;
}
