import { READ_FEED } from '../../src/change-feed/change-feed';
import { readConfig, type CompleteConfig } from '../../src/config';
import type { Database } from '../../src/database/database';
import { openDatabase } from '../../src/database/open-database';
import { withDevelopmentSecrets } from '../../src/demo/development-secrets';
import { mintToken } from '../../src/demo/development-token';
import { SecretKeys } from '../../src/api-keys/secrets/secret-key';
import type { ServicePermission } from '../../src/auth/principal';
import { Tenancy, type User } from '../../src/demo/tenancy';
import { createProgram, type ProgramParts } from '../../src/program';
import type { Clock } from '../../src/shared/clock';
import { createLogger } from '../../src/shared/logger';
import { TABLES } from '../../src/tables';
import { createTestDatabase } from './test-database';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

export interface GraphqlAnswer<Data> {
  readonly status: number;
  readonly data: Data;
  readonly errors?: readonly GraphqlError[];
  /** The body as it came over the wire. */
  readonly text: string;
}

/** The headers that say who calls. */
export type Credential = Readonly<Record<string, string>>;

/** The program on a database of its own, behind a port of its own, spoken to over HTTP. */
export class TestProgram {
  private constructor(
    readonly url: string,
    readonly database: Database,
    readonly secretKeys: SecretKeys,
    private readonly config: CompleteConfig,
    private readonly statements: string[],
    readonly stop: () => Promise<void>,
  ) {}

  /** Starts the program on an empty database. Whoever starts it stops it. */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    clock: Clock = Date.now,
  ): Promise<TestProgram> {
    const testDatabase = await createTestDatabase();
    // Uses are written when the program stops, so that what writes them is not among the statements of a test.
    const environment = {
      LOG_LEVEL: 'silent',
      USAGE_FLUSH_MS: '0',
      ...testDatabase.environment,
      ...settings,
    };
    const config = await withDevelopmentSecrets(readConfig(environment));
    const logger = createLogger(config.logLevel);
    const statements: string[] = [];
    const database = await openDatabase({
      settings: config.database,
      tables: TABLES,
      logger,
      // The feed of changes is read all the time, whatever is asked.
      onStatement: (sql) => {
        if (sql !== READ_FEED) statements.push(sql);
      },
    });
    return TestProgram.over({ config, database, clock, logger }, statements, async () => {
      await database.close();
      await testDatabase.remove();
    });
  }

  private static async over(
    parts: ProgramParts,
    statements: string[],
    afterwards: () => Promise<void>,
  ): Promise<TestProgram> {
    const { config, database } = parts;
    const app = await createProgram(parts);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const stop = async () => {
      await app.close();
      await afterwards();
    };
    return new TestProgram(url, database, new SecretKeys(config.secretKeys), config, statements, stop);
  }

  /** Starts another program on the same database, which is to be stopped before this one. */
  async beside(clock: Clock = Date.now): Promise<TestProgram> {
    const { config, database, statements } = this;
    const logger = createLogger(config.logLevel);
    return TestProgram.over({ config, database, clock, logger }, statements, async () => undefined);
  }

  /** Writes tenants into the database. */
  async given<Things>(describe: (tenancy: Tenancy) => Things): Promise<Things> {
    const tenancy = new Tenancy(Date.now());
    const things = describe(tenancy);
    await this.database.transaction((transaction) => tenancy.write(transaction));
    return things;
  }

  async user(user: User): Promise<Credential> {
    return this.token(user.id, []);
  }

  async service(name: string, ...permissions: ServicePermission[]): Promise<Credential> {
    return this.token(name, permissions);
  }

  async graphql<Data = Record<string, unknown>>(
    credential: Credential,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
  ): Promise<GraphqlAnswer<Data>> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...credential },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    return { status: response.status, text, ...(JSON.parse(text) as { data: Data }) };
  }

  async get(credential: Credential, path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: credential });
  }

  /** The statements that the database was sent during the work. */
  async statementsDuring(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = this.statements.length;
    await work();
    return this.statements.slice(before);
  }

  private async token(subject: string, permissions: readonly ServicePermission[]): Promise<Credential> {
    const request = { subject, permissions, issuer: null, audience: null };
    return { authorization: `Bearer ${await mintToken(this.config.tokens.secret ?? '', request)}` };
  }
}
