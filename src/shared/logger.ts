import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger };

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

/**
 * Structured logs, one JSON object a line. Headers, bodies and variables are never handed to the logger, since they
 * carry credentials; the redaction stands behind that rule, should one slip in.
 */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: [
        'authorization',
        'secretKey',
        'token',
        'password',
        '*.authorization',
        '*.secretKey',
        '*.token',
        '*.password',
      ],
    },
    destination,
  );
}
