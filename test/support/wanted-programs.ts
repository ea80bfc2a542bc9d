import type { WantedProgram } from './installed-program';

/** What the tests run beside Node and a database. */
export const WANTED = {
  nginx: {
    names: ['nginx'],
    debianPackage: 'nginx',
    advice: 'The tests of the proxies need nginx: install it, so that nginx is on the PATH.',
  },
  caddy: {
    names: ['caddy'],
    debianPackage: 'caddy',
    advice: 'The tests of the proxies need Caddy: install it, so that caddy is on the PATH.',
  },
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    debianPackage: 'chromium',
    advice:
      'The tests of GraphiQL need Chromium: install it, so that chromium or google-chrome is on the PATH.',
  },
  redis: {
    names: ['redis-server'],
    debianPackage: 'redis-server',
    advice: 'The tests need Redis: install it, so that redis-server is on the PATH.',
  },
} as const satisfies Record<string, WantedProgram>;
