import { Writable } from 'node:stream';
import { SecretKeys } from '../../src/api-keys/secrets/secret-key';
import { readConfig } from '../../src/config';
import { openDatabase } from '../../src/database/open-database';
import { withDevelopmentSecrets } from '../../src/demo/development-secrets';
import { createProgram } from '../../src/program';
import { createLogger } from '../../src/shared/logger';
import { TABLES } from '../../src/tables';
import { createTestDatabase } from './test-database';

/** The program on a database of its own, with everything that it logs. */
export class LoggedProgram {
  private constructor(
    readonly url: string,
    readonly secretKeys: SecretKeys,
    private readonly lines: readonly string[],
    readonly stop: () => Promise<void>,
  ) {}

  /** Starts the program. Whoever starts it stops it. */
  static async start(): Promise<LoggedProgram> {
    const testDatabase = await createTestDatabase();
    const config = await withDevelopmentSecrets(readConfig(testDatabase.environment));
    const lines: string[] = [];
    const destination = new Writable({
      write: (line: Buffer, _encoding, done) => {
        lines.push(line.toString());
        done();
      },
    });
    const logger = createLogger('debug', destination);
    const database = await openDatabase({ settings: config.database, tables: TABLES, logger });
    const app = await createProgram({ config, database, clock: Date.now, logger });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const stop = async () => {
      await app.close();
      await database.close();
      await testDatabase.remove();
    };
    return new LoggedProgram(url, new SecretKeys(config.secretKeys), lines, stop);
  }

  /** Everything that has been logged. */
  log(): string {
    return this.lines.join('');
  }
}
