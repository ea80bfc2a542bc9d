import { chromium, type Browser } from 'playwright-core';
import { findOrInstall } from './installed-program';

const CHROMIUM = {
  names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  debianPackage: 'chromium',
  advice:
    'The tests of GraphiQL need Chromium: install it, so that chromium or google-chrome is on the PATH.',
};

/** How long it may take to install the browser, where it is missing, and to start it. */
export const CHROMIUM_TIMEOUT_MS = 300_000;

export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findOrInstall(CHROMIUM),
    // Containers have little shared memory. The sandbox cannot be had by root.
    args: ['--disable-dev-shm-usage'],
    chromiumSandbox: process.getuid?.() !== 0,
  });
}
