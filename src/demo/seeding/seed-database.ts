import { setImmediate } from 'node:timers/promises';
import type { SecretKeys } from '../../api-keys/secrets/secret-key';
import type { Database } from '../../database/database';
import { Tenancy } from '../tenancy';
import { Random } from './random';
import type { SeedPlan } from './seed-plan';
import { KeyMaker, OLDEST_KEY_MS } from './seeded-keys';
import { PEOPLE_OF_ORGANIZATION, SLUG_PREFIX, addOrganization } from './seeded-organization';

/** How far a seeding has come. */
export interface SeedProgress {
  /** Resources, memberships and keys. */
  readonly things: number;
  /** All rows, with grants and secrets. */
  readonly rows: number;
}

export interface SeedParts {
  readonly database: Database;
  readonly secretKeys: SecretKeys;
  readonly plan: SeedPlan;
  readonly now: number;
  readonly onProgress?: (progress: SeedProgress) => void;
}

/** What a seeding wrote. */
export interface SeedSummary {
  /** The number of the first organization: the others follow it. */
  readonly firstNumber: number;
  readonly resources: number;
  readonly people: number;
  readonly keys: number;
  readonly grants: number;
  readonly rows: number;
  /** The secret key of a key that works, which can be shown only now; null when there is none. */
  readonly secretKey: string | null;
}

/** About how many rows are held in memory, and written in one transaction. */
const CHUNK_ROWS = 10_000;

/** How many resources, memberships and keys the plan makes. */
export function thingsOf(plan: SeedPlan): number {
  return plan.organizations * (resourcesOfOrganization(plan) + PEOPLE_OF_ORGANIZATION) + plan.keys;
}

/** Adds organizations to what is in the database, a chunk a transaction. */
export async function seedDatabase({
  database,
  secretKeys,
  plan,
  now,
  onProgress = () => undefined,
}: SeedParts): Promise<SeedSummary> {
  const firstNumber = await nextNumber(database);
  const random = new Random(plan.seed);
  const tenancy = new Tenancy(now - OLDEST_KEY_MS);
  const count = { resources: 0, people: 0, keys: 0, grants: 0, rows: 0 };
  let shownSecretKey: string | null = null;

  const writeChunk = async () => {
    await database.transaction((transaction) => tenancy.write(transaction));
    count.rows += tenancy.size;
    tenancy.clear();
    onProgress({ things: count.resources + count.people + count.keys, rows: count.rows });
    // The embedded database answers at once, so that timers would wait for the end of the whole work.
    await setImmediate();
  };

  for (let index = 0; index < plan.organizations; index += 1) {
    const organization = addOrganization(tenancy, random, plan, firstNumber + index);
    count.resources += resourcesOfOrganization(plan);
    count.people += PEOPLE_OF_ORGANIZATION;
    const maker = new KeyMaker(tenancy, random, organization, now);
    for (let left = keysOfOrganization(plan, index); left > 0; left -= 1) {
      const { secretKey, stored } = secretKeys.generate();
      const key = count.keys === 0 ? maker.addLargestKey(stored) : maker.addKey(stored);
      count.grants += key.grants;
      count.keys += 1;
      if (key.works) shownSecretKey ??= secretKey;
      if (tenancy.size >= CHUNK_ROWS) await writeChunk();
    }
    if (tenancy.size >= CHUNK_ROWS) await writeChunk();
  }
  await writeChunk();
  return { firstNumber, ...count, secretKey: shownSecretKey };
}

/** The first number after those of the organizations that were seeded before. */
async function nextNumber(database: Database): Promise<number> {
  const rows = await database.rows<{ slug: string }>('SELECT slug FROM resources WHERE slug LIKE ?', [
    `${SLUG_PREFIX}%`,
  ]);
  const numbers = rows.map(({ slug }) => Number(slug.slice(SLUG_PREFIX.length))).filter(Number.isInteger);
  return numbers.reduce((highest, number) => Math.max(highest, number), 0) + 1;
}

function resourcesOfOrganization({ accounts, widgets, environments }: SeedPlan): number {
  return 1 + accounts * (1 + widgets * (1 + environments));
}

/** An even share of the keys; the first organizations get what is left over. */
function keysOfOrganization({ keys, organizations }: SeedPlan, index: number): number {
  return Math.floor(keys / organizations) + (index < keys % organizations ? 1 : 0);
}
