import { readFile } from 'node:fs/promises';
import { createLogger } from '../src/shared/logger';
import { SecretKeys, type StoredSecret } from '../src/api-keys/secrets/secret-key';
import type { Database } from '../src/database/database';
import { openDatabase } from '../src/database/open-database';
import { mintToken } from '../src/demo/development-token';
import { seedDatabase, thingsOf, type SeedProgress } from '../src/demo/seeding/seed-database';
import type { ServicePermission } from '../src/auth/principal';
import { TABLES } from '../src/tables';
import { MysqlServer } from '../test/support/mysql-server';
import { OTHERS, pin, processorMs } from './processors';
import { progress } from './progress';

/** How many secret keys are remembered, out of all, to be asked about. */
const REMEMBERED_KEYS = 20_000;

/** How many questions there are: each is of another key. */
const QUESTIONS = 2000;

const PLAN = { organizations: 200, accounts: 5, widgets: 4, environments: 3, seed: 1 };
const CHUNK_DEADLINE_MS = 600_000;

/** May this secret key touch this environment? It may. */
export interface Question {
  readonly secretKey: string;
  readonly apiKeyId: string;
  readonly environmentId: string;
}

/** Writes tenants into a database that has none, and says what it wrote. */
type Fill<Filled> = (database: Database, secretKeys: SecretKeys) => Promise<Filled>;

/** A database with tenants on a server of the benchmark, and those who ask about it. */
export class World {
  readonly tokenSecret = 'a secret of the benchmark, which nobody else needs to know';
  readonly pepper = Buffer.from('a pepper of the benchmark, which has 32 bytes').toString('base64');
  readonly routerSecret = 'a router of the benchmark, which nobody else is';
  readonly forwardAuthSecret = 'the-proxy-of-the-benchmark-which-nobody-else-is';
  questions: readonly Question[] = [];

  private constructor(
    private readonly server: MysqlServer,
    private readonly serverPid: number,
    private readonly name: string,
    readonly databaseUrl: string,
  ) {}

  /** Starts a server, and fills a database on it. */
  static async create(keys: number): Promise<World> {
    const server = await MysqlServer.create();
    try {
      const [variable] = await server.query<{ Value: string }>("SHOW VARIABLES LIKE 'pid_file'");
      const pid = Number(await readFile(variable?.Value ?? '', 'utf8'));
      pin(pid, OTHERS);
      const world = await World.on(server, pid, 'bench');
      await world.seed(keys);
      return world;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  private static async on(server: MysqlServer, pid: number, name: string): Promise<World> {
    return new World(server, pid, name, await server.createDatabase(name, 'bench'));
  }

  /** Another database on the same server, with as many organizations, and keys as many as are wanted. */
  async seededBeside(name: string, keys: number): Promise<World> {
    const world = await World.on(this.server, this.serverPid, name);
    await world.seed(keys);
    return world;
  }

  /** Another database on the same server, with tenants of its own. */
  async filledBeside<Filled>(name: string, fill: Fill<Filled>): Promise<{ world: World; filled: Filled }> {
    const world = await World.on(this.server, this.serverPid, name);
    return { world, filled: await world.fill(fill, world.secretKeys()) };
  }

  async databaseMs(): Promise<number> {
    return processorMs(this.serverPid);
  }

  /** An owner of the first organization, who reads all of its keys. */
  async owner(): Promise<string> {
    return this.user('owner@organization-1.example');
  }

  async user(id: string): Promise<string> {
    return this.token(id, []);
  }

  async service(permission: ServicePermission): Promise<string> {
    return this.token('bench', [permission]);
  }

  async rows<Row>(sql: string): Promise<Row[]> {
    return this.server.query<Row>(sql, this.name);
  }

  /** Removes the server, with all databases that are on it. */
  async remove(): Promise<void> {
    await this.server.remove();
  }

  private async token(subject: string, permissions: readonly ServicePermission[]): Promise<string> {
    const token = await mintToken(this.tokenSecret, { subject, permissions, issuer: null, audience: null });
    return `Bearer ${token}`;
  }

  private async seed(keys: number): Promise<void> {
    const secretKeys = this.secretKeys(Math.ceil(keys / REMEMBERED_KEYS));
    const plan = { ...PLAN, keys };
    const things = thingsOf(plan);
    const onProgress = (written: SeedProgress) =>
      progress(`Seeding ${this.name}: ${written.things} of ${things} resources, people and keys`);
    await this.fill(async (database) => {
      await seedDatabase({ database, secretKeys, plan, now: Date.now(), onProgress });
    }, secretKeys);
    this.questions = await this.findQuestions(secretKeys.bySelector);
  }

  private async fill<Filled>(fill: Fill<Filled>, secretKeys: SecretKeys): Promise<Filled> {
    const settings = {
      url: this.databaseUrl,
      file: '',
      tls: false,
      poolSize: 4,
      deadlineMs: CHUNK_DEADLINE_MS,
    };
    const database = await openDatabase({ settings, tables: TABLES, logger: createLogger('silent') });
    try {
      const filled = await fill(database, secretKeys);
      await this.rows('ANALYZE TABLE resources, memberships, api_keys, api_key_grants, api_key_secrets');
      return filled;
    } finally {
      await database.close();
    }
  }

  /** @param oneOf of so many secret keys, one is remembered */
  private secretKeys(oneOf = 1): RememberedSecretKeys {
    const peppers = new Map([[1, Buffer.from(this.pepper, 'base64')]]);
    return new RememberedSecretKeys({ prefix: 'sg', peppers }, oneOf);
  }

  private async findQuestions(secretKeys: ReadonlyMap<string, string>): Promise<Question[]> {
    // Selectors are letters and digits.
    const selectors = Array.from(secretKeys.keys(), (selector) => `'${selector}'`);
    const rows = await this.rows<{ selector: string; apiKeyId: string; environmentId: string }>(
      'SELECT s.selector AS selector, k.id AS apiKeyId, MIN(g.resource_id) AS environmentId ' +
        'FROM api_key_secrets s JOIN api_keys k ON k.id = s.api_key_id JOIN api_key_grants g ON g.api_key_id = k.id ' +
        'WHERE g.level = 3 AND k.revoked_at IS NULL AND k.disabled_at IS NULL AND k.expires_at IS NULL ' +
        `AND s.selector IN (${selectors.join(',')}) ` +
        `GROUP BY s.selector, k.id ORDER BY s.selector LIMIT ${QUESTIONS}`,
    );
    return rows.flatMap(({ selector, ...rest }) => {
      const secretKey = secretKeys.get(selector);
      return secretKey === undefined ? [] : [{ secretKey, ...rest }];
    });
  }
}

/** Secret keys are shown once: some of those that are made are kept, by their selectors. */
class RememberedSecretKeys extends SecretKeys {
  readonly bySelector = new Map<string, string>();
  private made = 0;

  constructor(
    settings: ConstructorParameters<typeof SecretKeys>[0],
    private readonly oneOf: number,
  ) {
    super(settings);
  }

  override generate(): { secretKey: string; stored: StoredSecret } {
    const generated = super.generate();
    if (this.made++ % this.oneOf === 0) this.bySelector.set(generated.stored.selector, generated.secretKey);
    return generated;
  }
}
