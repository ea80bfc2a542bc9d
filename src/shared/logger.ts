import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger };

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

const SECRETS = [
  'authorization',
  '["x-api-key"]',
  '["x-scopegate-authorization"]',
  '["x-router-secret"]',
  '["x-router-authorization"]',
  '["x-router-user"]',
  'secretKey',
  'token',
  'password',
];
/** In the line itself, in an object there, as `headers.authorization`, or one deeper, as `req.headers.authorization`. */
const PLACES = ['', '*', '*.*'];

/**
 * Structured logs, one JSON object a line. Headers, bodies and variables are never handed to the logger, since they
 * carry credentials; the redaction stands behind that rule, should one slip in.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stampOfTime(),
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: PLACES.flatMap((place) => SECRETS.map((secret) => pathTo(place, secret))),
    },
    destination,
  );
}

/** The time of a line, as pino takes it. Many lines are of one millisecond. */
function stampOfTime(): () => string {
  let time = NaN;
  let stamp = '';
  return () => {
    const now = Date.now();
    if (now !== time) {
      time = now;
      stamp = `,"time":"${new Date(now).toISOString()}"`;
    }
    return stamp;
  };
}

/** Only what every error has: database drivers hang the values of statements on theirs. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack, code: 'code' in error ? error.code : undefined };
}

function pathTo(place: string, name: string): string {
  return place === '' || name.startsWith('[') ? place + name : `${place}.${name}`;
}
