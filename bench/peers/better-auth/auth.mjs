import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import mysql from 'mysql2/promise';

/** Of its limit of requests by keys, which is on by default, a benchmark would see only the refusals. */
export const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: process.env.TOKEN_SECRET,
  database: mysql.createPool({ uri: process.env.DATABASE_URL, connectionLimit: 10, timezone: 'Z' }),
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  plugins: [apiKey({ rateLimit: { enabled: false } })],
});
