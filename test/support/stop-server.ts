import type { MysqlServer } from './mysql-server';

export default async function stopServer(): Promise<void> {
  await (globalThis as { testServer?: MysqlServer }).testServer?.remove();
}
