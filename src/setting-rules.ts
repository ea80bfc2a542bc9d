/** What production needs and does not have. */
export function* missingInProduction(given: NodeJS.ProcessEnv): Iterable<string> {
  if (given['AUTH_JWKS_URL'] === undefined && given['AUTH_JWT_SECRET'] === undefined) {
    yield 'AUTH_JWKS_URL or AUTH_JWT_SECRET: one is needed in production, to check the tokens of users and services';
  }
  if (given['KEY_PEPPERS'] === undefined) {
    yield 'KEY_PEPPERS: needed in production, such as 1:<32 random bytes in base64>, kept outside the database';
  }
}

/** What goes wrong with routers by settings that do not go together. */
export function* wrongForRouters(given: NodeJS.ProcessEnv, signsUsers: boolean): Iterable<string> {
  const { ROUTER_SECRET: secret, AUTH_JWT_SECRET: tokenSecret } = given;
  if (signsUsers && secret === undefined) {
    yield 'ROUTER_SECRET: needed with ROUTER_SIGNS_USERS, to check what routers sign';
  }
  // One secret for both would let whoever signs tokens be a router, and a router anybody.
  if (secret !== undefined && secret === tokenSecret) {
    yield 'ROUTER_SECRET: expected another secret than AUTH_JWT_SECRET';
  }
}
