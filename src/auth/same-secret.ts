import { hash, timingSafeEqual } from 'node:crypto';

/**
 * Whether what was sent is the secret. Digests are compared, which have one length: how long this takes tells nothing of the
 * secret.
 */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
