import type { IncomingHttpHeaders } from 'node:http';
import { Permissions } from '../../auth/authorize';
import { bearerOf } from '../../auth/bearer';
import { isSameSecret } from '../../auth/same-secret';
import { ApiError } from '../../shared/errors';
import type { MaybePromise } from '../../shared/when-ready';
import { Misconfigured } from './refusals';

/** Beside `Authorization`, which is the client's. */
const PROXY_CREDENTIAL_HEADER = 'x-scopegate-authorization';

const EVERY_ORGANIZATION = new Permissions({
  kind: 'SERVICE',
  id: 'forward-auth',
  permissions: ['api-keys:verify'],
  organizationIds: null,
});

/** Tells proxies of ours from strangers, who could otherwise find out about keys and use up their limits. */
export class ProxyAccess {
  /**
   * @param secret what proxies may send instead of a token; null: nothing
   * @param permissionsOfToken what the bearer of a token may do
   */
  constructor(
    private readonly secret: string | null,
    private readonly permissionsOfToken: (authorization: string) => MaybePromise<Permissions>,
  ) {}

  /**
   * What a proxy may verify.
   *
   * @throws Misconfigured for one that does not prove who it is. To the client that is no question of its key, which a 401
   *   would say it is.
   * @throws ApiError SERVICE_UNAVAILABLE when it cannot be told
   */
  permissionsOf(headers: IncomingHttpHeaders): MaybePromise<Permissions> {
    const authorization = headers[PROXY_CREDENTIAL_HEADER];
    if (typeof authorization !== 'string')
      throw new Misconfigured(`the proxy sends no ${PROXY_CREDENTIAL_HEADER}`);
    const credential = bearerOf(authorization);
    if (credential !== null && this.secret !== null && isSameSecret(credential, this.secret))
      return EVERY_ORGANIZATION;
    return this.permissionsOfService(authorization);
  }

  private async permissionsOfService(authorization: string): Promise<Permissions> {
    try {
      const permissions = await this.permissionsOfToken(authorization);
      permissions.requireService('api-keys:verify');
      return permissions;
    } catch (error) {
      if (error instanceof ApiError && error.code !== 'SERVICE_UNAVAILABLE')
        throw new Misconfigured(`the ${PROXY_CREDENTIAL_HEADER} of the proxy is not good`, { cause: error });
      throw error;
    }
  }
}
