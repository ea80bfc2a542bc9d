import { readFile } from 'node:fs/promises';
import { createLogger } from '../src/shared/logger';
import { SecretKeys, type StoredSecret } from '../src/api-keys/secrets/secret-key';
import { openDatabase } from '../src/database/open-database';
import { mintToken } from '../src/demo/development-token';
import { seedDatabase } from '../src/demo/seeding/seed-database';
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

/** A database with tenants on a server of its own, and those who ask about it. */
export class World {
  readonly tokenSecret = 'a secret of the benchmark, which nobody else needs to know';
  readonly pepper = Buffer.from('a pepper of the benchmark, which has 32 bytes').toString('base64');
  readonly routerSecret = 'a router of the benchmark, which nobody else is';
  readonly forwardAuthSecret = 'the-proxy-of-the-benchmark-which-nobody-else-is';
  questions: readonly Question[] = [];

  private constructor(
    private readonly server: MysqlServer,
    readonly databaseUrl: string,
    private readonly serverPid: number,
  ) {}

  static async create(keys: number): Promise<World> {
    const server = await MysqlServer.create();
    try {
      const url = await server.createDatabase('bench', 'bench');
      const [variable] = await server.query<{ Value: string }>("SHOW VARIABLES LIKE 'pid_file'");
      const pid = Number(await readFile(variable?.Value ?? '', 'utf8'));
      pin(pid, OTHERS);
      const world = new World(server, url, pid);
      await world.fill(keys);
      return world;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  async databaseMs(): Promise<number> {
    return processorMs(this.serverPid);
  }

  /** An owner of the first organization, who reads all of its keys. */
  async owner(): Promise<string> {
    return this.token('owner@organization-1.example', []);
  }

  async service(permission: ServicePermission): Promise<string> {
    return this.token('bench', [permission]);
  }

  async rows<Row>(sql: string): Promise<Row[]> {
    return this.server.query<Row>(sql, 'bench');
  }

  async remove(): Promise<void> {
    await this.server.remove();
  }

  private async token(subject: string, permissions: readonly ServicePermission[]): Promise<string> {
    const token = await mintToken(this.tokenSecret, { subject, permissions, issuer: null, audience: null });
    return `Bearer ${token}`;
  }

  private async fill(keys: number): Promise<void> {
    const secretKeys = new RememberedSecretKeys(
      { prefix: 'sg', peppers: new Map([[1, Buffer.from(this.pepper, 'base64')]]) },
      Math.ceil(keys / REMEMBERED_KEYS),
    );
    const settings = {
      url: this.databaseUrl,
      file: '',
      tls: false,
      poolSize: 4,
      deadlineMs: CHUNK_DEADLINE_MS,
    };
    const database = await openDatabase({ settings, tables: TABLES, logger: createLogger('silent') });
    try {
      const onProgress = ({ rows }: { rows: number }) => progress(`Seeding: ${rows} rows`);
      const plan = { ...PLAN, keys };
      await seedDatabase({ database, secretKeys, plan, now: Date.now(), onProgress });
    } finally {
      await database.close();
    }
    await this.rows('ANALYZE TABLE resources, memberships, api_keys, api_key_grants, api_key_secrets');
    this.questions = await this.findQuestions(secretKeys.bySelector);
  }

  private async findQuestions(secretKeys: ReadonlyMap<string, string>): Promise<Question[]> {
    const rows = await this.rows<{ selector: string; apiKeyId: string; environmentId: string }>(
      'SELECT s.selector AS selector, k.id AS apiKeyId, MIN(g.resource_id) AS environmentId ' +
        'FROM api_key_secrets s JOIN api_keys k ON k.id = s.api_key_id JOIN api_key_grants g ON g.api_key_id = k.id ' +
        'WHERE g.level = 3 AND k.revoked_at IS NULL AND k.disabled_at IS NULL AND k.expires_at IS NULL ' +
        'GROUP BY s.selector, k.id ORDER BY s.selector',
    );
    const known = rows.flatMap(({ selector, ...rest }) => {
      const secretKey = secretKeys.get(selector);
      return secretKey === undefined ? [] : [{ secretKey, ...rest }];
    });
    return known.slice(0, QUESTIONS);
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
