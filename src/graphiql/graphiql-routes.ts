import { existsSync } from 'node:fs';
import { join } from 'node:path';
import accepts from '@fastify/accepts';
import files from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isFromOwnMachine } from './own-machine';

/** Tokens with which the examples of the demo run as they are. */
export interface DemoTokens {
  readonly ownerToken: string;
  /** Of a service that may verify keys. */
  readonly verifierToken: string;
}

export interface GraphiqlParts {
  /** Where the bundled page lies. */
  readonly folder: string;
  /** Null where there is no demo: always in production. */
  readonly mintDemoTokens: (() => Promise<DemoTokens>) | null;
}

/** GraphiQL is switched on, and its page is not there. */
export class GraphiqlNotBuilt extends Error {
  override readonly name = 'GraphiqlNotBuilt';

  constructor(folder: string) {
    super(
      `GraphiQL is not in ${folder}. Build it with \`npm run build\`, or switch it off with GRAPHIQL=off.`,
    );
  }
}

const PAGE = 'page.html';
const PAGE_TYPE = 'text/html';

/** What the address of GraphQL answers with. To those who take any, not the page. */
const ANSWERS = ['application/graphql-response+json', 'application/json', PAGE_TYPE];

/**
 * What the page may do: nothing but with this server. Monaco, its editor, writes style elements and attributes, which
 * could be named here only by letting in all of them; scripts are files of ours.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // Kept by browsers, and asked for again each time: a new release shows at once.
  'cache-control': 'no-cache',
};

/** `/graphiql`, and the files that it is made of, below it. */
export async function registerGraphiql(
  app: FastifyInstance,
  { folder, mintDemoTokens }: GraphiqlParts,
): Promise<void> {
  if (!existsSync(join(folder, PAGE))) throw new GraphiqlNotBuilt(folder);
  await app.register(accepts);
  await app.register(files, {
    root: folder,
    serve: false,
    cacheControl: false,
    // What leads out of the folder is not there, rather than forbidden.
    allowedPath: (path) => !path.split('/').includes('..'),
  });
  app.get('/graphiql', (_request, reply) => sendFile(reply, PAGE));
  app.get('/graphiql/', (_request, reply) => reply.redirect('../graphiql'));
  app.get<{ Params: { '*': string } }>('/graphiql/*', ({ params }, reply) => sendFile(reply, params['*']));
  app.get('/graphiql/demo-tokens', async (request, reply) => {
    const tokens = mintDemoTokens !== null && isFromOwnMachine(request) ? await mintDemoTokens() : null;
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(tokens));
  });
}

/** A hook for the address of GraphQL itself, which shows GraphiQL to those who open it in a browser. */
export function showGraphiqlToBrowsers(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const wanted = request.method === 'GET' && request.accepts().type(ANSWERS);
  if (wanted === PAGE_TYPE) void sendFile(reply.header('vary', 'accept'), PAGE);
  else done();
}

function sendFile(reply: FastifyReply, file: string): FastifyReply {
  return reply.headers(HEADERS).sendFile(file);
}
