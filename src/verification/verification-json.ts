import { scopeIds } from '../api-keys/scope-ids';
import type { Grant, Path } from '../scopes';
import { toIso } from '../shared/date-time';
import { onceFor } from '../shared/once-for';
import type { KeyFacts } from './facts';
import type { GrantedBy } from './decide';
import type { LimitState } from './limits/limit-state';
import type { Verification } from './verification';

/** The text of an answer, or of many, as REST clients know it. */
export function toJsonText(answers: Verification | readonly Verification[]): string {
  return isMany(answers) ? `[${answers.map(textOf).join()}]` : textOf(answers);
}

function isMany(answers: Verification | readonly Verification[]): answers is readonly Verification[] {
  return Array.isArray(answers);
}

function textOf(answer: Verification): string {
  return answer.code === 'VALID' && answer.limits.length === 0 ? keptTextOf(answer) : newTextOf(answer);
}

/** An answer that stands is given many times. */
const keptTextOf = onceFor(newTextOf);

function newTextOf(answer: Verification): string {
  const { code, key, grantedBy, missingGrant, limits, retryAfterSeconds } = answer;
  const valid = code === 'VALID';
  return (
    `{"valid":${valid},"code":"${code}","apiKey":${key === null ? 'null' : keyText(key)},` +
    `"grantedBy":${grantedBy === null ? 'null' : JSON.stringify(toGrantedByJson(grantedBy))},` +
    `"missingGrant":${missingGrant === null ? 'null' : JSON.stringify(toGrantJson(missingGrant))},` +
    `"limits":${limits.length === 0 ? '[]' : JSON.stringify(limits.map(toLimitJson))},` +
    `"retryAfterSeconds":${retryAfterSeconds}}`
  );
}

/** What is told of a key stays the same for as long as it is remembered, and is most of the answer. */
const keyText = onceFor((key: KeyFacts) =>
  JSON.stringify({
    ...verifiedKey(key),
    expiresAt: key.expiresAt === null ? null : toIso(key.expiresAt),
  }),
);

/** What services are told of a key. */
export function verifiedKey({ id, name, organizationId, scope, metadata, expiresAt }: KeyFacts) {
  return { id, name, organizationId, scope: scopeIds(scope), metadata, expiresAt };
}

function toGrantedByJson({ grant, path }: GrantedBy): object {
  return { ...toGrantJson(grant), path: toPathJson(path) };
}

function toGrantJson({ level, id }: Grant): object {
  return { level, resourceId: id };
}

function toPathJson(path: Path): object {
  return path.map(({ level, id }) => ({ level, id }));
}

function toLimitJson({ resetsAt, ...limit }: LimitState): object {
  return { ...limit, resetsAt: toIso(resetsAt) };
}
