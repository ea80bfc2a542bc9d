import { ConfigError } from './config';
import { DatabaseUnreachable } from './database/open-database';
import { GraphiqlNotBuilt } from './graphiql/graphiql-routes';
import { UnusableManifest } from './server/documents/trusted-documents';

/**
 * What to tell whoever starts the program when it cannot start. What they can mend is said in a sentence; only what they
 * cannot comes with a stack.
 */
export function describeStartFailure(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return `Scopegate could not start: ${describe(error)}`;
}

function describe(error: unknown): string {
  if (error instanceof Error && TELLING.some((kind) => error instanceof kind)) return error.message;
  const { code, message, stack, address, port } = error as NodeJS.ErrnoException & Partial<Listener>;
  if (code === 'EADDRINUSE')
    return `port ${port} of ${address} is in use. Stop what uses it, or set PORT to another.`;
  // Of the operating system and of the databases, as against those with which Node marks wrong calls.
  if (/^(E[A-Z]+$|ER_|SQLITE_)/.test(String(code))) return message;
  return stack ?? String(error);
}

/** Errors that say in a sentence what can be mended. */
const TELLING = [DatabaseUnreachable, GraphiqlNotBuilt, UnusableManifest];

interface Listener {
  readonly address: string;
  readonly port: number;
}
