import 'reflect-metadata';
import { SingleBar } from 'cli-progress';
import { SecretKeys } from '../src/api-keys/secrets/secret-key';
import { readConfig, type CompleteConfig } from '../src/config';
import type { Database } from '../src/database/database';
import { openDatabase } from '../src/database/open-database';
import { withDevelopmentSecrets } from '../src/demo/development-secrets';
import { seedDatabase, thingsOf, type SeedSummary } from '../src/demo/seeding/seed-database';
import { SEED_USAGE, parseSeedPlan, type SeedPlan } from '../src/demo/seeding/seed-plan';
import { systemClock } from '../src/shared/clock';
import { createLogger } from '../src/shared/logger';
import { TABLES } from '../src/tables';

/** A chunk may take long on a slow disk, and nobody waits for an answer. */
const DEADLINE_MS = 10 * 60 * 1000;

const PLAIN_LINE_EVERY_MS = 5000;

/** `npm run seed`: fills the database of the settings with as much as is asked for. */
async function main(): Promise<void> {
  const plan = parseSeedPlan(process.argv.slice(2));
  if (plan === null) {
    process.stdout.write(`${SEED_USAGE}\n`);
    return;
  }
  const config = await withDevelopmentSecrets(readConfig(process.env));
  if (config.production) throw new Error('A production database is not seeded.');
  const settings = { ...config.database, deadlineMs: DEADLINE_MS };
  const database = await openDatabase({ settings, tables: TABLES, logger: createLogger(config.logLevel) });
  try {
    process.stdout.write(await seed(database, config, plan));
  } finally {
    await database.close();
  }
}

async function seed(database: Database, config: CompleteConfig, plan: SeedPlan): Promise<string> {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  const bar = startBar(plan);
  try {
    const summary = await seedDatabase({
      database,
      secretKeys: new SecretKeys(config.secretKeys),
      plan,
      now: systemClock(),
      onProgress: ({ things, rows }) => bar.update(things, { rate: inWords(rows / seconds()) }),
    });
    bar.stop();
    return report(summary, plan, seconds());
  } finally {
    bar.stop();
  }
}

function startBar(plan: SeedPlan): SingleBar {
  const bar = new SingleBar({
    format: 'Seeding [{bar}] {percentage}% | {value} of {total} | {rate} rows/s | {eta_formatted} left',
    formatValue: (value, _options, type) =>
      type === 'value' || type === 'total' ? inWords(value) : String(value),
    // Over more of the past than by default, since the chunks take turns at being quick and slow.
    etaBuffer: 50,
    noTTYOutput: true,
    notTTYSchedule: PLAIN_LINE_EVERY_MS,
    // Its handler would keep an interrupt from ending the program.
    gracefulExit: false,
  });
  bar.start(thingsOf(plan), 0, { rate: '0' });
  return bar;
}

function report(summary: SeedSummary, plan: SeedPlan, seconds: number): string {
  const { firstNumber, resources, people, keys, grants, rows, secretKey } = summary;
  const last = firstNumber + plan.organizations - 1;
  const domain = `@organization-${firstNumber}.example`;
  return [
    '',
    `Wrote ${inWords(rows)} rows in ${seconds.toFixed(1)} s (${inWords(rows / seconds)} rows/s):`,
    `  organization-${firstNumber} to organization-${last}, ${inWords(resources)} resources in all`,
    `  ${inWords(people)} people, such as owner${domain}, admin${domain} and user-1${domain}`,
    `  ${inWords(keys)} API keys with ${inWords(grants)} grants`,
    ...(secretKey === null
      ? []
      : ['The secret key of one that works, shown only this once:', `  ${secretKey}`]),
    'A token of an owner:',
    `  npm run token -- owner${domain}`,
    '',
  ].join('\n');
}

function inWords(number: number): string {
  return Math.round(number).toLocaleString('en');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
