import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { freePort } from './free-port';
import { findOrInstall, run } from './installed-program';

const START_TIMEOUT_MS = 60_000;

const SERVER = {
  names: ['mariadbd', 'mysqld'],
  debianPackage: 'mariadb-server',
  advice:
    'The tests need a MySQL-protocol server: install MariaDB 10.6+ or MySQL 8+, so that mariadbd or mysqld is on the ' +
    'PATH, or set TEST_MYSQL_URL to mysql://user:password@host:port of one on which the user may create databases.',
};

/** A private server of the MySQL protocol on a free port, with data of its own, gone when it is removed. */
export class MysqlServer {
  private process: ChildProcess | null = null;

  private constructor(
    private readonly binary: string,
    private readonly directory: string,
    private readonly port: number,
  ) {}

  static async create(): Promise<MysqlServer> {
    const binary = findOrInstall(SERVER);
    const directory = await mkdtemp(join(tmpdir(), 'scopegate-mysql-'));
    const server = new MysqlServer(binary, directory, await freePort());
    try {
      server.initialize();
      await server.start();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  /** The URL of the server, without a database. */
  get url(): string {
    return `mysql://root@127.0.0.1:${this.port}`;
  }

  /** Runs a statement as the administrator, on a connection of its own. */
  async query<Row>(sql: string, database?: string): Promise<Row[]> {
    const connection = await createConnection({ uri: this.url, ...(database && { database }) });
    try {
      const [rows] = await connection.query(sql);
      return rows as Row[];
    } finally {
      await connection.end();
    }
  }

  /** Makes an empty database, and an account of the same name that may use it. Returns the URL that leads to it. */
  async createDatabase(name: string, password: string): Promise<string> {
    await this.query(`CREATE DATABASE ${name}`);
    await this.query(`CREATE USER ${name} IDENTIFIED BY '${password}'`);
    await this.query(`GRANT ALL ON ${name}.* TO ${name}`);
    return `mysql://${name}:${password}@127.0.0.1:${this.port}/${name}`;
  }

  async start(): Promise<void> {
    // A default that is not utf8mb4, so that a table which relies on the server's default is found out.
    const settings = [
      '--character-set-server=latin1',
      '--innodb-flush-log-at-trx-commit=0',
      '--max-connections=300',
    ];
    const place = [
      `--port=${this.port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(this.directory, 'sock')}`,
    ];
    this.process = spawn(this.binary, [...this.common(), ...place, ...settings], { stdio: 'ignore' });
    await this.untilItAnswers();
  }

  /** Makes the server hang: it keeps its connections, takes new ones, and answers none. */
  async pause(): Promise<void> {
    this.process?.kill('SIGSTOP');
    // The signal takes effect some time after it was sent.
    while (await this.answersWithin(100));
  }

  /** Lets a server that was paused go on. */
  resume(): void {
    this.process?.kill('SIGCONT');
  }

  /** Ends the server at once, as a crash would. It can be started again. */
  async kill(): Promise<void> {
    const { process } = this;
    if (process?.exitCode !== null || process.signalCode !== null) return;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  private common(): string[] {
    const user = process.getuid?.() === 0 ? ['--user=root'] : [];
    // A server that starts removes what others have put into a folder for temporary tables that they share.
    const folders = [`--datadir=${join(this.directory, 'data')}`, `--tmpdir=${this.directory}`];
    return ['--no-defaults', ...folders, ...user];
  }

  private initialize(): void {
    if (this.binary.endsWith('mariadbd')) {
      run('mariadb-install-db', [
        ...this.common(),
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ]);
    } else {
      run(this.binary, [...this.common(), '--initialize-insecure']);
    }
  }

  private async answersWithin(milliseconds: number): Promise<boolean> {
    try {
      const connection = await createConnection({ uri: this.url, connectTimeout: milliseconds });
      connection.destroy();
      return true;
    } catch {
      return false;
    }
  }

  private async untilItAnswers(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        const connection = await createConnection({ uri: this.url, connectTimeout: 1000 });
        await connection.end();
        return;
      } catch (error) {
        if (Date.now() > deadline)
          throw new Error(`${this.binary} did not answer in time.`, { cause: error });
        await sleep(50);
      }
    }
  }
}
