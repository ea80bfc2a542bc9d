import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import mysql from 'mysql2/promise';

/** By default it lets a key be used ten times a day, of which a benchmark would see only the refusals. */
const rateLimit = process.env.RATE_LIMIT === 'on' ? { maxRequests: 1_000_000_000 } : { enabled: false };

export const auth = betterAuth({
  baseURL: 'http://127.0.0.1',
  secret: process.env.TOKEN_SECRET,
  database: mysql.createPool({ uri: process.env.DATABASE_URL, connectionLimit: 10, timezone: 'Z' }),
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
  plugins: [apiKey({ rateLimit })],
});
