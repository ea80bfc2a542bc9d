import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What to do with a request: answer with a status and a body, say nothing, or end the connection. */
export type Step = { readonly status: number; readonly body?: unknown } | 'HANG' | 'BREAK';

interface Received {
  readonly token: string | undefined;
  readonly body: unknown;
}

export const VALID = {
  valid: true,
  code: 'VALID',
  apiKey: {
    id: '01890000-0000-7000-8000-000000000001',
    name: 'A key',
    organizationId: '01890000-0000-7000-8000-000000000002',
    scope: { organizationId: null, accountIds: [], widgetIds: [], environmentIds: [] },
    metadata: null,
    expiresAt: null,
  },
  grantedBy: null,
  missingGrant: null,
  limits: [],
  retryAfterSeconds: null,
};

/** A server in the place of Scopegate that does what a real one does only when something is wrong. */
export class ScriptedServer {
  readonly received: Received[] = [];

  private constructor(
    private readonly server: Server,
    private readonly steps: Step[],
  ) {}

  /** Takes the steps one by one, a request each; after them every request hangs. */
  static async start(...steps: Step[]): Promise<ScriptedServer> {
    const server = createServer();
    const scripted = new ScriptedServer(server, steps);
    server.on('request', (request, response) => void scripted.take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = JSON.parse(await text(request));
    this.received.push({ token: request.headers.authorization, body });
    const step = this.steps.shift() ?? 'HANG';
    if (step === 'HANG') return;
    if (step === 'BREAK') request.socket.destroy();
    else {
      const sent = typeof step.body === 'string' ? step.body : JSON.stringify(step.body ?? {});
      response.writeHead(step.status, { location: `${this.url}/elsewhere` }).end(sent);
    }
  }
}
