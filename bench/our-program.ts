import { join } from 'node:path';
import type { Contender } from './contender';
import type { World } from './world';

/** Beside what this file is compiled to. */
const MAIN = join(__dirname, '..', 'src', 'main.js');

/** The program as production runs it: with its own defaults, and what it cannot start without. */
export function ourProgram(world: World): Contender['command'] {
  return {
    file: [MAIN],
    environment: {
      NODE_ENV: 'production',
      DATABASE_URL: world.databaseUrl,
      AUTH_JWT_SECRET: world.tokenSecret,
      KEY_PEPPERS: `1:${world.pepper}`,
      ROUTER_SECRET: world.routerSecret,
      FORWARD_AUTH_SECRET: world.forwardAuthSecret,
    },
  };
}
