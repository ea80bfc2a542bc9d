import { chromium, type Browser } from 'playwright-core';
import { findOrInstall } from './installed-program';
import { WANTED } from './wanted-programs';

/** How long it may take to install the browser, where it is missing, and to start it. */
export const CHROMIUM_TIMEOUT_MS = 300_000;

export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findOrInstall(WANTED.chromium),
    // Containers have little shared memory. The sandbox cannot be had by root.
    args: ['--disable-dev-shm-usage'],
    chromiumSandbox: process.getuid?.() !== 0,
  });
}
