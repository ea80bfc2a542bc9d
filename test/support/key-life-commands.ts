import { expect } from '@jest/globals';
import fc from 'fast-check';
import { Scope, type Grant } from '../../src/scopes';
import { ACTORS, ENDS_AHEAD, PAST, type Actor, type KeyLifeModel, type ModelKey } from './key-life-model';
import { command, one, pick, type Command, type RealKeys } from './key-life-step';
import { mutateKey, type KeyMutation, type KeyPayload } from './key-mutations';

const actor = fc.constantFrom<Actor>(...ACTORS, 'owner', 'owner', 'owner', 'member', 'narrowedAdmin');

/** Mostly what there is at the actor's own, now and then something of others, or that is gone. */
const grantPicks = fc.array(fc.record({ which: pick, stray: fc.integer({ min: 0, max: 9 }) }), {
  maxLength: 3,
});
type GrantPicks = readonly { readonly which: number; readonly stray: number }[];

const creations = fc.tuple(actor, grantPicks, fc.boolean()).map(createKey);
const scopeUpdates = fc.tuple(pick, pick, grantPicks, fc.integer({ min: 0, max: 7 })).map(updateScope);
const enablings = fc.tuple(pick, pick).map(enable);
const endings = fc.tuple(pick, pick).map(endRotation);
const overlapEnds = pick.map(letOverlapEnd);
const rotations = fc.tuple(pick, pick, fc.boolean()).map(rotate);

/** What can happen to keys; what is there several times happens so much more often. */
export const keyCommands: fc.Arbitrary<Command>[] = [
  creations,
  creations,
  creations,
  creations,
  scopeUpdates,
  scopeUpdates,
  rotations,
  rotations,
  fc.tuple(pick, pick, fc.constantFrom(null, ...ENDS_AHEAD)).map(setExpiry),
  fc.tuple(pick, pick).map(disable),
  enablings,
  enablings,
  endings,
  fc.tuple(pick, pick).map(revoke),
  pick.map(letKeyEnd),
  overlapEnds,
  overlapEnds,
];

/** Asks for a mutation, and checks that it is refused with the code that is expected, or with none. */
async function attempt(
  { program, as }: RealKeys,
  who: Actor,
  [mutation, input]: readonly [KeyMutation, object],
  refusal: string | null,
): Promise<KeyPayload> {
  const payload = await mutateKey(program, as[who], mutation, input);
  const codes = new Set(payload.userErrors.map(({ code }) => code));
  expect({ who, mutation, codes }).toEqual({
    who,
    mutation,
    codes: new Set(refusal === null ? [] : [refusal]),
  });
  return payload;
}

function someGrants(model: KeyLifeModel, who: Actor, picks: GrantPicks): readonly Grant[] {
  const own = model.living(model.organizationOf(who));
  const grants = picks.flatMap(({ which, stray }) => one(stray === 0 ? model.seen : own, which) ?? []);
  // An input has room for one organization.
  const [organization] = grants.filter(({ level }) => level === 'ORGANIZATION');
  return grants.filter(({ level, id }) => level !== 'ORGANIZATION' || id === organization?.id);
}

function toInput(grants: readonly Grant[]) {
  const scope = new Scope(grants);
  return {
    organizationId: scope.idsAt('ORGANIZATION')[0] ?? null,
    accountIds: scope.idsAt('ACCOUNT'),
    widgetIds: scope.idsAt('WIDGET'),
    environmentIds: scope.idsAt('ENVIRONMENT'),
  };
}

function createKey([who, picks, ends]: [Actor, GrantPicks, boolean]): Command {
  return command('create', `${who}, ${JSON.stringify(picks)}, ${ends}`, async (model, real) => {
    const grants = someGrants(model, who, picks);
    const refusal = model.refusalOfGrants(who, grants);
    const expiresAt = ends ? ENDS_AHEAD[0] : null;
    const end = expiresAt === null ? null : new Date(expiresAt).toISOString();
    const input = { name: 'Key', scope: toInput(grants), expiresAt: end };
    const { apiKey, secretKey } = await attempt(real, who, ['createApiKey', input], refusal);
    if (apiKey === null || secretKey === null) return false;
    model.putKey({
      id: apiKey.id,
      creator: who,
      organizationId: model.organizationOf(who),
      scope: new Scope(grants),
      expiresAt,
      disabled: false,
      revoked: false,
      version: 1,
      secretKey,
      oldSecret: null,
    });
    return true;
  });
}

/**
 * A command that changes one of the keys that there are: one that is likely to change, if there is one, and mostly by
 * someone who may.
 */
function keyCommand(
  kind: string,
  [person, which, ...rest]: readonly [number, number, ...unknown[]],
  work: (who: Actor, key: ModelKey, model: KeyLifeModel, real: RealKeys) => Promise<boolean>,
  isLikely: (key: ModelKey) => boolean = () => true,
): Command {
  return command(
    kind,
    [person, which, ...rest.map((each) => JSON.stringify(each))].join(', '),
    async (model, real) => {
      const keys = Array.from(model.keys.values());
      const key = one(keys.filter(isLikely), which) ?? one(keys, which);
      if (key === undefined) return false;
      const managers = ACTORS.filter((actor) => model.manages(actor, key));
      const who = person % 4 === 0 ? undefined : one(managers, person);
      return work(who ?? one(ACTORS, person) ?? 'owner', key, model, real);
    },
  );
}

function updateScope([person, which, picks, staleness]: [number, number, GrantPicks, number]): Command {
  return keyCommand('updateScope', [person, which, picks, staleness], async (who, key, model, real) => {
    const grants = someGrants(model, who, picks);
    const isStale = staleness === 0;
    const conflict = isStale && model.manages(who, key) ? 'CONFLICT' : null;
    const refusal = conflict ?? model.refusalOfChange(who, key) ?? model.refusalOfGrants(who, grants);
    const input = { id: key.id, version: isStale ? key.version - 1 : key.version, scope: toInput(grants) };
    const { apiKey } = await attempt(real, who, ['updateApiKey', input], refusal);
    if (apiKey === null) return false;
    model.putKey({ ...key, scope: new Scope(grants), version: key.version + 1 });
    return true;
  });
}

function setExpiry([person, which, expiresAt]: [number, number, number | null]): Command {
  return keyCommand('setExpiry', [person, which, expiresAt], async (who, key, model, real) => {
    const isLater = key.expiresAt !== null && (expiresAt === null || expiresAt > key.expiresAt);
    const beyond = isLater && !model.reaches(who, key.scope) ? 'BEYOND_YOUR_SCOPE' : null;
    const end = expiresAt === null ? null : new Date(expiresAt).toISOString();
    const input = { id: key.id, version: key.version, expiresAt: end };
    const refusal = model.refusalOfChange(who, key) ?? beyond;
    const { apiKey } = await attempt(real, who, ['updateApiKey', input], refusal);
    if (apiKey === null) return false;
    model.putKey({ ...key, expiresAt, version: key.version + 1 });
    return true;
  });
}

function disable([person, which]: [number, number]): Command {
  return keyCommand('disable', [person, which], async (who, key, model, real) => {
    const refusal = model.refusalOfChange(who, key);
    const { apiKey } = await attempt(real, who, ['disableApiKey', { id: key.id }], refusal);
    if (apiKey === null || key.disabled) return false;
    model.putKey({ ...key, disabled: true, version: key.version + 1 });
    return true;
  });
}

function enable([person, which]: [number, number]): Command {
  return keyCommand(
    'enable',
    [person, which],
    async (who, key, model, real) => {
      const beyond = key.disabled && !model.reaches(who, key.scope) ? 'BEYOND_YOUR_SCOPE' : null;
      const refusal = model.refusalOfChange(who, key) ?? beyond;
      const { apiKey } = await attempt(real, who, ['enableApiKey', { id: key.id }], refusal);
      if (apiKey === null || !key.disabled) return false;
      model.putKey({ ...key, disabled: false, version: key.version + 1 });
      return true;
    },
    ({ disabled, revoked }) => disabled && !revoked,
  );
}

function rotate([person, which, grace]: [number, number, boolean]): Command {
  return keyCommand('rotate', [person, which, grace], async (who, key, model, real) => {
    const beyond = model.reaches(who, key.scope) ? null : 'BEYOND_YOUR_SCOPE';
    const refusal = model.refusalOfChange(who, key) ?? beyond;
    const input = { id: key.id, gracePeriodSeconds: grace ? 3600 : 0 };
    const { secretKey } = await attempt(real, who, ['rotateApiKey', input], refusal);
    if (secretKey === null || refusal !== null) return false;
    const oldSecret = grace ? { secretKey: key.secretKey, over: false } : null;
    model.putKey({ ...key, secretKey, oldSecret, version: key.version + 1 });
    return true;
  });
}

function endRotation([person, which]: [number, number]): Command {
  return keyCommand(
    'endRotation',
    [person, which],
    async (who, key, model, real) => {
      const refusal = model.refusalOfChange(who, key);
      const { apiKey } = await attempt(real, who, ['endApiKeyRotation', { id: key.id }], refusal);
      if (apiKey === null || key.oldSecret === null) return false;
      model.putKey({ ...key, oldSecret: null, version: key.version + 1 });
      return true;
    },
    ({ oldSecret, revoked }) => oldSecret !== null && !revoked,
  );
}

function revoke([person, which]: [number, number]): Command {
  return keyCommand('revoke', [person, which], async (who, key, model, real) => {
    const refusal = model.manages(who, key) ? null : 'NOT_FOUND';
    const { apiKey } = await attempt(real, who, ['revokeApiKey', { id: key.id }], refusal);
    if (apiKey === null || key.revoked) return false;
    model.putKey({ ...key, revoked: true, version: key.version + 1 });
    return true;
  });
}

/** Time goes by, up to the end of a key that has one. */
function letKeyEnd(which: number): Command {
  return command('letKeyEnd', `${which}`, async (model, { program }) => {
    const ending = Array.from(model.keys.values()).filter(({ expiresAt }) => expiresAt !== null);
    const key = one(ending, which);
    if (key === undefined) return false;
    await program.database.transaction((transaction) =>
      transaction.execute('UPDATE api_keys SET expires_at = ? WHERE id = ?', [PAST, key.id]),
    );
    model.putKey({ ...key, expiresAt: PAST });
    return true;
  });
}

/** Time goes by, up to the end of a grace period. */
function letOverlapEnd(which: number): Command {
  return command('letOverlapEnd', `${which}`, async (model, { program }) => {
    const rotating = Array.from(model.keys.values()).filter(({ oldSecret }) => oldSecret !== null);
    const key = one(rotating, which);
    if (!key?.oldSecret) return false;
    await program.database.transaction((transaction) =>
      transaction.execute(
        'UPDATE api_key_secrets SET expires_at = ? WHERE api_key_id = ? AND expires_at IS NOT NULL',
        [PAST, key.id],
      ),
    );
    model.putKey({ ...key, oldSecret: { ...key.oldSecret, over: true } });
    return true;
  });
}
