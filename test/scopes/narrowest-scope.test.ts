import { describe, expect, test } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';
import { Scope, levelAt, narrowestScope, type Path, type ResourceRef } from '../../src/scopes';
import { resourceTrees, type ResourceTree } from './resource-trees';

/** The path of the last of some names, written from the organization down: `acme/retail/checkout`. */
function path(names: string): Path {
  const resources = names.split('/').map((id, depth) => ({ level: levelAt(depth), id }));
  return resources.reverse();
}

const RETAIL = 'acme/retail';
const CHECKOUT = `${RETAIL}/checkout`;
const PRODUCTION = `${CHECKOUT}/production`;
const STAGING = `${CHECKOUT}/staging`;
const ORDERING = 'acme/wholesale/ordering';

describe('the narrowest scope that covers some resources, within a scope', () => {
  test.each<[within: string[], paths: string[], narrowest: string[]]>([
    // What was used is granted itself, however much of its parent that is.
    [['acme'], [PRODUCTION], ['production']],
    [['acme'], [PRODUCTION, STAGING], ['production', 'staging']],
    [[CHECKOUT], [PRODUCTION, STAGING], ['production', 'staging']],
    [['acme'], [PRODUCTION, ORDERING], ['ordering', 'production']],
    // Nothing is granted below what is granted anyway.
    [['acme'], [CHECKOUT, PRODUCTION], ['checkout']],
    [['acme'], [PRODUCTION, CHECKOUT, RETAIL, ORDERING], ['retail', 'ordering']],
    [['acme'], ['acme', RETAIL, PRODUCTION], ['acme']],
    [[RETAIL, CHECKOUT, PRODUCTION], [PRODUCTION], ['production']],
    // What the scope does not cover is not added to it.
    [[CHECKOUT], [ORDERING], []],
    [[CHECKOUT], [PRODUCTION, ORDERING], ['production']],
    [[PRODUCTION], [CHECKOUT, STAGING], []],
    [[], [PRODUCTION], []],
    // Each once.
    [['acme'], [PRODUCTION, PRODUCTION], ['production']],
    [['acme'], [], []],
  ])('within %j, of %j: %j', (within, paths, narrowest) => {
    const scope = new Scope(within.flatMap((names) => path(names).slice(0, 1)));
    expect(narrowestScope(paths.map(path), scope).grants.map(({ id }) => id)).toEqual(narrowest);
  });

  interface Case {
    readonly tree: ResourceTree;
    readonly within: Scope;
    readonly used: readonly ResourceRef[];
  }

  const cases: Arbitrary<Case> = resourceTrees.chain((tree) =>
    fc.record({
      tree: fc.constant(tree),
      within: fc.subarray([...tree.resources]).map((grants) => new Scope(grants)),
      used: fc.subarray([...tree.resources]),
    }),
  );
  const holds = (check: (found: Scope, made: Case) => void) =>
    fc.assert(
      fc.property(cases, (made) => check(narrowestScope(made.tree.pathsOf(made.used), made.within), made)),
    );
  const covered = ({ tree, within, used }: Case) =>
    tree.pathsOf(used).filter((usedPath) => within.covers(usedPath));

  test('covers everything that was used and that the scope covers', () => {
    holds((found, made) => {
      for (const usedPath of covered(made)) expect(found.covers(usedPath)).toBe(true);
    });
  });

  test('is never wider than the scope: whatever it covers, that does', () => {
    holds((found, { tree, within }) => {
      for (const each of tree.pathsOf(tree.resources))
        if (found.covers(each)) expect(within.covers(each)).toBe(true);
    });
  });

  test('needs each of its grants: without any of them, something that was used is not covered', () => {
    holds((found, made) => {
      for (const grant of found.grants) {
        const fewer = new Scope(found.grants.filter((other) => other !== grant));
        expect(covered(made).every((usedPath) => fewer.covers(usedPath))).toBe(false);
      }
    });
  });

  test('has no grant below another, and grants nothing that was not used', () => {
    holds((found, { tree, used }) => {
      for (const grant of found.grants) {
        expect(found.grantsReaching(tree.pathOf(grant))).toHaveLength(1);
        expect(used).toContainEqual(grant);
      }
    });
  });

  test('is found again when it is asked for once more, within itself', () => {
    holds((found, { tree, used }) => {
      expect(narrowestScope(tree.pathsOf(used), found).grants).toEqual(found.grants);
    });
  });
});
