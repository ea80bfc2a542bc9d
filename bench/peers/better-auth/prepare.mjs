// Makes its tables and some keys, and prints what to ask about them.
import { getMigrations } from 'better-auth/db/migration';
import { auth } from './auth.mjs';

const KEYS = 200;

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();

const { user } = await auth.api.signUpEmail({
  body: {
    name: 'Bench',
    email: `bench-${Date.now()}@example.com`,
    password: 'a long password of the benchmark',
  },
});
const variants = [];
for (let index = 0; index < KEYS; index += 1) {
  const environments = [`environment-${index}`];
  const { key } = await auth.api.createApiKey({ body: { userId: user.id, permissions: { environments } } });
  variants.push({ body: JSON.stringify({ key, permissions: { environments } }) });
}
process.stdout.write(`${JSON.stringify(variants)}\n`);
process.exit(0);
