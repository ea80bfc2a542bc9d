import { describe, expect, test } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';
import { LEVELS, Scope, type Grant, type Path, type ResourceRef } from '../../src/scopes';
import { resourceTrees, treesWithMove, type ResourceTree } from './resource-trees';

/** The rule once more, in the plainest words, to compare with. */
function isCovered(path: Path, grants: readonly Grant[]): boolean {
  for (const grant of grants) {
    for (const resource of path) {
      if (grant.level === resource.level && grant.id === resource.id) return true;
    }
  }
  return false;
}

function coveredBy(scope: Scope, tree: ResourceTree): readonly ResourceRef[] {
  return tree.resources.filter((resource) => scope.covers(tree.pathOf(resource)));
}

const grantsIn = (tree: ResourceTree) => fc.subarray([...tree.resources]);
const scopesIn = (tree: ResourceTree) => grantsIn(tree).map((grants) => new Scope(grants));
const resourcesIn = (tree: ResourceTree) => fc.constantFrom(...tree.resources);

/** Trees, each with something that is chosen in it. */
function treesWith<Chosen>(choose: (tree: ResourceTree) => Arbitrary<Chosen>) {
  return resourceTrees.chain((tree) => fc.tuple(fc.constant(tree), choose(tree)));
}

describe('covering', () => {
  test('is what the plain model says, in every tree', () => {
    const cases = treesWith((tree) => fc.tuple(grantsIn(tree), resourcesIn(tree)));
    fc.assert(
      fc.property(cases, ([tree, [grants, resource]]) => {
        const path = tree.pathOf(resource);
        expect(new Scope(grants).covers(path)).toBe(isCovered(path, grants));
      }),
    );
  });

  test('is what the plain model says, even where levels share ids', () => {
    const resource = fc.record({ level: fc.constantFrom(...LEVELS), id: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(fc.array(resource), fc.array(resource, { maxLength: 4 }), (grants, path) => {
        expect(new Scope(grants).covers(path)).toBe(isCovered(path, grants));
      }),
    );
  });

  test('by one grant is of its whole subtree, and of nothing outside', () => {
    fc.assert(
      fc.property(treesWith(resourcesIn), ([tree, granted]) => {
        const covered = new Set(coveredBy(new Scope([granted]), tree));
        expect(covered).toEqual(new Set(tree.subtreeOf(granted)));
      }),
    );
  });

  test('by several grants is of what each of them covers, and of no more', () => {
    fc.assert(
      fc.property(treesWith(grantsIn), ([tree, grants]) => {
        const covered = new Set(coveredBy(new Scope(grants), tree));
        expect(covered).toEqual(new Set(grants.flatMap((grant) => tree.subtreeOf(grant))));
      }),
    );
  });

  test('is never lost by a further grant', () => {
    const cases = treesWith((tree) => fc.tuple(grantsIn(tree), resourcesIn(tree)));
    fc.assert(
      fc.property(cases, ([tree, [grants, further]]) => {
        const more = new Set(coveredBy(new Scope([...grants, further]), tree));
        for (const resource of coveredBy(new Scope(grants), tree)) expect(more).toContain(resource);
      }),
    );
  });

  test('does not change with a grant of what is covered already', () => {
    const cases = treesWith(resourcesIn).chain(([tree, granted]) =>
      fc.tuple(fc.constant(tree), fc.constant(granted), fc.constantFrom(...tree.subtreeOf(granted))),
    );
    fc.assert(
      fc.property(cases, ([tree, granted, below]) => {
        const covered = coveredBy(new Scope([granted]), tree);
        expect(coveredBy(new Scope([granted, below]), tree)).toEqual(covered);
      }),
    );
  });

  test('does not depend on the order of the grants', () => {
    const cases = treesWith((tree) =>
      grantsIn(tree).chain((grants) =>
        fc.tuple(fc.constant(grants), fc.shuffledSubarray(grants, { minLength: grants.length })),
      ),
    );
    fc.assert(
      fc.property(cases, ([tree, [grants, shuffled]]) => {
        expect(coveredBy(new Scope(shuffled), tree)).toEqual(coveredBy(new Scope(grants), tree));
      }),
    );
  });

  test('is explained by the grants that reach the resource: each of them is enough, the others change nothing', () => {
    const cases = treesWith((tree) => fc.tuple(scopesIn(tree), resourcesIn(tree)));
    fc.assert(
      fc.property(cases, ([tree, [scope, resource]]) => {
        const path = tree.pathOf(resource);
        const reaching = scope.grantsReaching(path);
        expect(reaching.length > 0).toBe(scope.covers(path));
        for (const grant of reaching) expect(new Scope([grant]).covers(path)).toBe(true);
        const others = scope.grants.filter(({ id }) => !reaching.some((grant) => grant.id === id));
        expect(new Scope(others).covers(path)).toBe(false);
      }),
    );
  });
});

describe('a deletion', () => {
  test('of a subtree leaves what a scope covers of the rest exactly as it was', () => {
    const cases = treesWith((tree) => fc.tuple(scopesIn(tree), resourcesIn(tree)));
    fc.assert(
      fc.property(cases, ([tree, [scope, deleted]]) => {
        const after = tree.afterDeletion(deleted);
        const remaining = new Set(after.resources);
        const left = scope.without(new Set(tree.subtreeOf(deleted).map(({ id }) => id)));
        const before = coveredBy(scope, tree).filter((resource) => remaining.has(resource));
        expect(coveredBy(left, after)).toEqual(before);
      }),
    );
  });

  test('of one resource alone never widens a scope', () => {
    const cases = treesWith((tree) => fc.tuple(scopesIn(tree), resourcesIn(tree)));
    fc.assert(
      fc.property(cases, ([tree, [scope, deleted]]) => {
        const before = new Set(coveredBy(scope, tree));
        const left = scope.without(new Set([deleted.id]));
        for (const resource of coveredBy(left, tree)) expect(before).toContain(resource);
      }),
    );
  });

  test('of everything granted leaves nothing covered', () => {
    fc.assert(
      fc.property(treesWith(grantsIn), ([tree, grants]) => {
        const left = new Scope(grants).without(new Set(grants.map(({ id }) => id)));
        expect(left.breadth).toBe('NONE');
        expect(coveredBy(left, tree)).toEqual([]);
      }),
    );
  });
});

describe('a move', () => {
  test('puts a subtree under the grants of its new parent', () => {
    fc.assert(
      fc.property(treesWithMove, ({ tree, move }) => {
        const covered = coveredBy(new Scope([move.to]), tree.afterMove(move));
        for (const resource of tree.subtreeOf(move.moved)) expect(covered).toContain(resource);
      }),
    );
  });

  test('takes a subtree from the grants of its old parent', () => {
    fc.assert(
      fc.property(treesWithMove, ({ tree, move }) => {
        const oldParent = tree.pathOf(move.moved).slice(1, 2);
        const before = coveredBy(new Scope(oldParent), tree);
        const after = coveredBy(new Scope(oldParent), tree.afterMove(move));
        for (const resource of tree.subtreeOf(move.moved)) {
          expect(before).toContain(resource);
          expect(after).not.toContain(resource);
        }
      }),
    );
  });

  test('changes nothing for a scope that grants nothing above the old place or the new one', () => {
    const cases = treesWithMove.chain(({ tree, move }) => {
      const above = [...tree.pathOf(move.moved).slice(1), ...tree.pathOf(move.to)];
      const elsewhere = tree.resources.filter((resource) => !above.includes(resource));
      return fc.tuple(fc.constant({ tree, move }), fc.subarray(elsewhere));
    });
    fc.assert(
      fc.property(cases, ([{ tree, move }, grants]) => {
        const scope = new Scope(grants);
        expect(coveredBy(scope, tree.afterMove(move))).toEqual(coveredBy(scope, tree));
      }),
    );
  });

  test('changes nothing of what any scope covers outside the moved subtree', () => {
    const cases = treesWithMove.chain(({ tree, move }) =>
      fc.tuple(fc.constant({ tree, move }), scopesIn(tree)),
    );
    fc.assert(
      fc.property(cases, ([{ tree, move }, scope]) => {
        const moved = tree.subtreeOf(move.moved);
        const unmoved = (resource: ResourceRef) => !moved.includes(resource);
        const after = coveredBy(scope, tree.afterMove(move)).filter(unmoved);
        expect(after).toEqual(coveredBy(scope, tree).filter(unmoved));
      }),
    );
  });
});

describe('attenuation', () => {
  test('holds exactly when the holder covers all that the new scope covers', () => {
    const cases = treesWith((tree) => fc.tuple(scopesIn(tree), scopesIn(tree)));
    fc.assert(
      fc.property(cases, ([tree, [held, given]]) => {
        const mayGive = held.beyond(tree.pathsOf(given.grants)).length === 0;
        const covered = new Set(coveredBy(held, tree));
        expect(mayGive).toBe(coveredBy(given, tree).every((resource) => covered.has(resource)));
      }),
    );
  });

  test('is transitive: what is given on was there to be given by the first holder', () => {
    const givenBy = (scope: Scope, tree: ResourceTree) =>
      fc.subarray([...coveredBy(scope, tree)]).map((grants) => new Scope(grants));
    const cases = resourceTrees.chain((tree) =>
      scopesIn(tree).chain((first) =>
        givenBy(first, tree).chain((second) =>
          fc.tuple(fc.constant(tree), fc.constant(first), fc.constant(second), givenBy(second, tree)),
        ),
      ),
    );
    fc.assert(
      fc.property(cases, ([tree, first, second, third]) => {
        expect(first.beyond(tree.pathsOf(second.grants))).toEqual([]);
        expect(second.beyond(tree.pathsOf(third.grants))).toEqual([]);
        expect(first.beyond(tree.pathsOf(third.grants))).toEqual([]);
      }),
    );
  });

  test('lets everybody give on all of their own scope', () => {
    fc.assert(
      fc.property(treesWith(scopesIn), ([tree, scope]) => {
        expect(scope.beyond(tree.pathsOf(scope.grants))).toEqual([]);
      }),
    );
  });
});
