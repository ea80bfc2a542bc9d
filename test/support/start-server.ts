import { MysqlServer } from './mysql-server';

/** Makes a MySQL-protocol server available to the tests, as TEST_MYSQL_URL: the one that is set, or a private one. */
export default async function startServer(): Promise<void> {
  if (process.env['TEST_MYSQL_URL']) return;
  const server = await MysqlServer.create();
  (globalThis as { testServer?: MysqlServer }).testServer = server;
  process.env['TEST_MYSQL_URL'] = server.url;
}
