import type { RowSource } from '../../database/database';
import { isIn } from '../../database/sql';
import { ANCESTOR_JOINS } from '../../resources/resource-columns';
import { LEVELS, levelAt, type Path } from '../../scopes';
import { ApiError } from '../../shared/errors';
import { groupBy } from '../../shared/group-by';
import { ADVICE_DAYS, type UsedResources } from './scope-advice';
import { dayName, dayNumber } from './usage-day';

/** How many resources of keys one statement reads at most. */
const MAX_USED = 100_000;

/** What a key was used for, with the key. */
export interface UsedByKey extends UsedResources {
  readonly keyId: string;
}

interface UsedRow {
  readonly keyId: string;
  readonly usedId: string;
  /** Null: there is no such resource any more. */
  readonly level: number | null;
  readonly [id: `id${number}`]: string | null;
}

const STEPS = LEVELS.map((_, step) => step);
const PATH_IDS = STEPS.map((step) => `r${step}.id AS id${step}`).join(', ');

/** The first day of those that advice looks at. */
export function firstDayOfAdvice(now: number): string {
  return dayName(dayNumber(now) - ADVICE_DAYS + 1);
}

/**
 * What keys were found valid for lately, in one statement. Keys that were not used are left out.
 *
 * @throws ApiError QUERY_TOO_COMPLEX when it is more than can be read at once
 */
export async function readUsedResources(
  source: RowSource,
  keyIds: readonly string[],
  now: number,
): Promise<UsedByKey[]> {
  const keys = isIn('api_key_id', keyIds);
  const rows = await source.rows<UsedRow>(
    `SELECT u.keyId AS keyId, u.usedId AS usedId, r0.level AS level, ${PATH_IDS} FROM (` +
      `SELECT DISTINCT api_key_id AS keyId, resource_id AS usedId FROM api_key_usage WHERE ${keys.text} ` +
      `AND day >= ? AND code = 'VALID' LIMIT ${MAX_USED + 1}) u ` +
      `LEFT JOIN resources r0 ON r0.id = u.usedId ${ANCESTOR_JOINS}`,
    [...keys.values, firstDayOfAdvice(now)],
  );
  if (rows.length > MAX_USED) {
    const message = `The keys were used for more than ${MAX_USED} resources in all. Ask for fewer keys at once.`;
    throw new ApiError('QUERY_TOO_COMPLEX', message);
  }
  return Array.from(
    groupBy(rows, ({ keyId }) => keyId),
    ([keyId, used]) => ({ keyId, ...toUsedResources(used) }),
  );
}

function toUsedResources(rows: readonly UsedRow[]): UsedResources {
  return {
    used: true,
    resourcesNamed: rows.some(({ usedId }) => usedId !== ''),
    paths: rows.flatMap((row) => (row.level === null ? [] : [pathOf(row, row.level)])),
  };
}

function pathOf(row: UsedRow, depth: number): Path {
  return STEPS.flatMap((step) => {
    const id = row[`id${step}`];
    return id == null ? [] : [{ level: levelAt(depth - step), id }];
  });
}
