import { createConnection } from 'mysql2/promise';

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
    const [rows] = await connection.query('SELECT VERSION() AS version');
    return /mariadb/i.test(JSON.stringify(rows)) ? 'mariadb' : 'mysql';
  } finally {
    connection.destroy();
  }
}
