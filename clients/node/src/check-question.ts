import { ScopegateBadRequest } from './errors';
import type { Level, Question } from './verification';

const LEVELS: readonly Level[] = ['ORGANIZATION', 'ACCOUNT', 'WIDGET', 'ENVIRONMENT'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const MAX_COST = 1_000_000;

/** Whether a value has the form of the id of a resource. */
export function isResourceId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

/**
 * What is sent of a question: nothing but what belongs to it.
 *
 * @throws ScopegateBadRequest naming what is wrong, and not repeating it
 */
export function checkQuestion({ secretKey, resource, cost, fresh }: Question): Question {
  if (resource !== undefined) {
    if (!LEVELS.includes(resource.level)) throw expected(`resource.level to be one of ${LEVELS.join(', ')}`);
    if (!isResourceId(resource.id)) throw expected('resource.id to be a UUID');
  }
  if (cost !== undefined && !(Number.isInteger(cost) && cost >= 0 && cost <= MAX_COST)) {
    throw expected(`cost to be a whole number from 0 to ${MAX_COST}`);
  }
  return {
    secretKey,
    ...(resource !== undefined && { resource: { level: resource.level, id: resource.id } }),
    ...(cost !== undefined && { cost }),
    ...(fresh !== undefined && { fresh }),
  };
}

function expected(what: string): ScopegateBadRequest {
  return new ScopegateBadRequest(`expected ${what}`);
}
