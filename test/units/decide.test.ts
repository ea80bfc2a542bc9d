import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LEVELS, Scope, levelAt, type Grant, type Path, type ResourceRef } from '../../src/scopes';
import { decide, type DecidedKey, type Decision } from '../../src/verification/decide';
import { resourceTrees } from '../scopes/resource-trees';

const NOW = 1_000;

/** The decision once more, in the plainest words, to compare with. */
function plainly(
  key: DecidedKey,
  grants: readonly Grant[],
  asked: ResourceRef | null,
  path: Path | null,
): Decision {
  const refused = (code: Decision['code'], missingGrant: Grant | null = null): Decision => ({
    code,
    grantedBy: null,
    missingGrant,
  });
  if (key.revokedAt !== null) return refused('REVOKED');
  if (key.disabledAt !== null) return refused('DISABLED');
  if (key.expiresAt !== null && !(key.expiresAt > NOW)) return refused('EXPIRED');
  if (grants.length === 0) return refused('NO_SCOPE');
  if (asked === null) return { code: 'VALID', grantedBy: null, missingGrant: null };
  if (path === null || path.length === 0 || path[0]?.level !== asked.level)
    return refused('RESOURCE_NOT_FOUND');
  const way: ResourceRef[] = [];
  for (const above of path) {
    way.unshift(above);
    for (const grant of grants) {
      if (grant.level !== above.level || grant.id !== above.id) continue;
      return { code: 'VALID', grantedBy: { grant: above, path: way }, missingGrant: null };
    }
  }
  const organization = path[path.length - 1];
  return refused('OUT_OF_SCOPE', organization?.id === key.organizationId ? asked : null);
}

const times = fc.option(fc.constantFrom(NOW - 1, NOW, NOW + 1), { freq: 1 });
const seldom = fc.option(fc.constantFrom(NOW - 1, NOW + 1), { freq: 1, nil: null });

/** A key, and a question about something in a tree, beside it, or about nothing. */
const cases = resourceTrees.chain((tree) =>
  fc.record({
    tree: fc.constant(tree),
    grants: fc.subarray([...tree.resources]),
    expiresAt: times,
    disabledAt: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: seldom }),
    revokedAt: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: seldom }),
    organizationId: fc.constantFrom('1', '2'),
    asked: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...tree.resources) },
      {
        weight: 1,
        arbitrary: fc.record({ level: fc.constantFrom(...LEVELS), id: fc.constantFrom('1', '1.1', '9') }),
      },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
  }),
);

describe('a decision', () => {
  test('is what the plain model says, for every key, tree and question', () => {
    fc.assert(
      fc.property(cases, ({ tree, grants, asked, ...key }) => {
        const found = tree.resources.find(({ id }) => id === asked?.id);
        const path = found === undefined ? null : tree.pathOf(found);
        const decided = { ...key, scope: new Scope(grants) };
        expect(decide(decided, asked, path, NOW)).toEqual(plainly(decided, grants, asked, path));
      }),
      { numRuns: 2000 },
    );
  });

  test('is VALID for a resource only if a grant is on its path, whatever else is so', () => {
    fc.assert(
      fc.property(cases, ({ tree, grants, asked, ...key }) => {
        const found = tree.resources.find(({ id }) => id === asked?.id);
        const path = found === undefined ? null : tree.pathOf(found);
        const { code, grantedBy } = decide({ ...key, scope: new Scope(grants) }, asked, path, NOW);
        if (code !== 'VALID' || asked === null) return expect(grantedBy).toBeNull();
        expect(grants).toContainEqual(grantedBy?.grant);
        expect(grantedBy?.path.at(0)).toEqual(grantedBy?.grant);
        expect(grantedBy?.path.at(-1)).toEqual(asked);
      }),
    );
  });

  test('granting what is missing, and nothing less, makes it VALID', () => {
    fc.assert(
      fc.property(cases, ({ tree, grants, asked, ...key }) => {
        const found = tree.resources.find(({ id }) => id === asked?.id);
        const path = found === undefined ? null : tree.pathOf(found);
        const { missingGrant } = decide({ ...key, scope: new Scope(grants) }, asked, path, NOW);
        if (missingGrant === null) return;
        const scope = new Scope([...grants, missingGrant]);
        expect(decide({ ...key, scope }, asked, path, NOW).code).toBe('VALID');
        const below = tree.subtreeOf(missingGrant).slice(1);
        expect(decide({ ...key, scope: new Scope([...grants, ...below]) }, asked, path, NOW).code).not.toBe(
          'VALID',
        );
      }),
    );
  });

  test('a key ends in the very millisecond of its expiry', () => {
    const grant = { level: levelAt(0), id: '1' };
    const key = { organizationId: '1', disabledAt: null, revokedAt: null, scope: new Scope([grant]) };
    const codes = [NOW - 1, NOW, NOW + 1].map(
      (expiresAt) => decide({ ...key, expiresAt }, null, null, NOW).code,
    );
    expect(codes).toEqual(['EXPIRED', 'EXPIRED', 'VALID']);
  });
});
