import { describe, expect, test } from '@jest/globals';
import { Scope, levelAt, type Path } from '../../src/scopes';
import { adviseScope } from '../../src/verification/usage/scope-advice';

/** The path of the last of some names, written from the organization down. */
function path(names: string): Path {
  const resources = names.split('/').map((id, depth) => ({ level: levelAt(depth), id }));
  return resources.reverse();
}

const grant = (names: string) => path(names).slice(0, 1);
const scope = (...names: string[]) => new Scope(names.flatMap(grant));
const ids = (grants: readonly { readonly id: string }[]) => grants.map(({ id }) => id);

const CHECKOUT = 'acme/retail/checkout';
const PRODUCTION = `${CHECKOUT}/production`;
const STAGING = `${CHECKOUT}/staging`;
const ORDERING = 'acme/wholesale/ordering';

const used = (...names: string[]) => ({ used: true, resourcesNamed: true, paths: names.map(path) });

describe('advice on a scope', () => {
  test.each<[string, Scope, Parameters<typeof adviseScope>[1], string]>([
    [
      'of a key that was not used',
      scope('acme'),
      { used: false, resourcesNamed: false, paths: [] },
      'NOT_USED',
    ],
    [
      'of a key that was used without any resource',
      scope('acme'),
      { used: true, resourcesNamed: false, paths: [] },
      'NO_RESOURCE_NAMED',
    ],
    ['when all that it was used for is gone', scope('acme'), used(), 'NOTHING_LEFT'],
    ['when all that it was used for is beyond its scope', scope(CHECKOUT), used(ORDERING), 'NOTHING_LEFT'],
    ['of a key without grants', scope(), used(PRODUCTION), 'NOTHING_LEFT'],
    [
      'of a key that has it already',
      scope(PRODUCTION, STAGING),
      used(STAGING, PRODUCTION),
      'NARROWEST_ALREADY',
    ],
  ])('is not given %s', (_when, present, uses, reason) => {
    expect(adviseScope(present, uses)).toEqual({
      reason,
      scope: null,
      removed: [],
      added: [],
      revision: null,
    });
  });

  test('names what goes and what comes, and leaves out what stays', () => {
    const advice = adviseScope(scope('acme/retail', ORDERING, STAGING), used(PRODUCTION, ORDERING));
    expect(advice.reason).toBeNull();
    expect(ids(advice.scope?.grants ?? [])).toEqual(['ordering', 'production']);
    expect(ids(advice.removed)).toEqual(['retail', 'staging']);
    expect(ids(advice.added)).toEqual(['production']);
  });

  test('takes away a grant that adds nothing to another', () => {
    const advice = adviseScope(scope(CHECKOUT, PRODUCTION), used(CHECKOUT));
    expect(ids(advice.removed)).toEqual(['production']);
    expect(advice.added).toEqual([]);
  });

  test('has the same revision for the same scope, in whatever order it was used, and another for another', () => {
    const revision = (...names: string[]) => adviseScope(scope('acme'), used(...names)).revision;
    expect(revision(PRODUCTION, ORDERING)).toBe(revision(ORDERING, PRODUCTION));
    expect(revision(PRODUCTION)).not.toBe(revision(PRODUCTION, ORDERING));
  });
});
