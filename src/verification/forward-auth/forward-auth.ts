import type { IncomingHttpHeaders } from 'node:http';
import { credentialOf } from '../../auth/authenticate';
import type { Logger } from '../../shared/logger';
import { whenReady, type MaybePromise } from '../../shared/when-ready';
import type { Verification } from '../verification';
import type { Verifier } from '../verifier';
import { WITHOUT_KEY, toForwardAuthAnswer, type ForwardAuthAnswer } from './forward-auth-answer';
import type { Instructions } from './instructions';
import type { ProxyAccess } from './proxy-access';
import { resourceOfRequest } from './resource-of-request';

/** What a proxy asks about a request of a client. */
export interface ProxyQuestion {
  readonly instructions: Instructions;
  /** The URI that the client asked the proxy for; undefined when the proxy does not say. */
  readonly originalUri: string | undefined;
}

/** Answers proxies, which ask about each request before they let it through. */
export class ForwardAuth {
  constructor(
    private readonly verifier: Verifier,
    private readonly access: ProxyAccess,
  ) {}

  /**
   * @param headers those of the client's request, with what the proxy added
   * @param read is called when the proxy has proved who it is
   * @param granted the status by which the proxy is told that the key may
   * @throws ApiError UNAUTHENTICATED when the client sends two keys, SERVICE_UNAVAILABLE
   * @throws Denied, Misconfigured
   */
  answer(
    headers: IncomingHttpHeaders,
    read: () => ProxyQuestion,
    granted: number,
    log: Pick<Logger, 'info'>,
  ): MaybePromise<ForwardAuthAnswer> {
    return whenReady(this.access.permissionsOf(headers), (permissions) => {
      const { instructions, originalUri } = read();
      const credential = credentialOf(headers);
      if (credential === null) return WITHOUT_KEY;
      const { resource, within } = resourceOfRequest(instructions.source, headers, originalUri);
      const question = { secretKey: credential.value, resource, within, cost: instructions.cost };
      return whenReady(this.verifier.verify([question], permissions, false), ([verification]) => {
        if (verification === undefined) throw new Error('A question was not answered.');
        logRefusal(log, verification);
        return toForwardAuthAnswer(verification, resource, granted);
      });
    });
  }
}

/** Proxies would pass on to clients why a key was refused, so that it is told here, beside the id of the request. */
function logRefusal(log: Pick<Logger, 'info'>, { code, key }: Verification): void {
  if (code !== 'VALID') log.info({ code, apiKeyId: key?.id ?? null }, 'a key was refused behind a proxy');
}
