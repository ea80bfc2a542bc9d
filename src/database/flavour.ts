import { createConnection, type Connection } from 'mysql2/promise';

/** Which database it is, as TypeORM names them. Servers of the MySQL protocol differ in what their schema shows. */
export type Flavour = 'better-sqlite3' | 'mysql' | 'mariadb';

export interface ServerAddress {
  readonly url: string | null;
  readonly tls: boolean;
}

/** Asks the server which of the two it is, whatever the scheme of its URL says. Without a URL, it is the embedded one. */
export async function detectFlavour({ url, tls }: ServerAddress): Promise<Flavour> {
  if (url === null) return 'better-sqlite3';
  const connection = await createConnection({
    uri: url.replace(/^mariadb:/, 'mysql:'),
    connectTimeout: 5000,
    ...(tls && { ssl: {} }),
  });
  try {
    await refuseLaxForeignKeys(connection);
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return /mariadb/i.test(JSON.stringify(rows)) ? 'mariadb' : 'mysql';
  } finally {
    connection.destroy();
  }
}

/**
 * From MySQL 9.7 on, a server can leave foreign keys to a layer that does not keep those of several columns by which a
 * table refers to itself. Deleted resources would leave what lies below them, with its grants.
 */
async function refuseLaxForeignKeys(connection: Connection): Promise<void> {
  const [rows] = await connection.query("SHOW GLOBAL VARIABLES LIKE 'innodb_native_foreign_keys'");
  if (!JSON.stringify(rows).includes('"OFF"')) return;
  throw new Error(
    'its foreign keys are not kept in full; start the server with innodb_native_foreign_keys=ON',
  );
}
