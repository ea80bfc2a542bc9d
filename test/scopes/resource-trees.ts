import fc, { type Arbitrary } from 'fast-check';
import { LEVELS, levelAt, type Path, type ResourceRef } from '../../src/scopes';

interface Place {
  readonly resource: ResourceRef;
  readonly parentId: string | null;
}

interface Move {
  readonly moved: ResourceRef;
  readonly to: ResourceRef;
}

/** A tree of resources that never changes: a move or a deletion makes another tree. */
export class ResourceTree {
  constructor(private readonly places: ReadonlyMap<string, Place>) {}

  get resources(): readonly ResourceRef[] {
    return Array.from(this.places.values(), ({ resource }) => resource);
  }

  pathOf(resource: ResourceRef): Path {
    const parent = this.parentOf(resource);
    return parent === null ? [resource] : [resource, ...this.pathOf(parent)];
  }

  pathsOf(resources: readonly ResourceRef[]): readonly Path[] {
    return resources.map((resource) => this.pathOf(resource));
  }

  parentOf(resource: ResourceRef): ResourceRef | null {
    const parentId = this.places.get(resource.id)?.parentId ?? null;
    return parentId === null ? null : (this.places.get(parentId)?.resource ?? null);
  }

  /** A resource and everything below it, found from the top down. */
  subtreeOf(resource: ResourceRef): readonly ResourceRef[] {
    const children = this.resources.filter((candidate) => this.parentOf(candidate)?.id === resource.id);
    return [resource, ...children.flatMap((child) => this.subtreeOf(child))];
  }

  /** Every way to hang a resource, with what is below it, on another parent of the same level. */
  moves(): readonly Move[] {
    return this.resources.flatMap((moved) => {
      const parent = this.parentOf(moved);
      const others = this.resources.filter(({ level, id }) => level === parent?.level && id !== parent.id);
      return others.map((to) => ({ moved, to }));
    });
  }

  afterMove({ moved, to }: Move): ResourceTree {
    return new ResourceTree(new Map(this.places).set(moved.id, { resource: moved, parentId: to.id }));
  }

  /** The tree without a resource and without everything below it. */
  afterDeletion(deleted: ResourceRef): ResourceTree {
    const gone = new Set(this.subtreeOf(deleted).map(({ id }) => id));
    return new ResourceTree(new Map(Array.from(this.places).filter(([id]) => !gone.has(id))));
  }

  toString(): string {
    return this.resources.map((resource) => `${this.parentOf(resource)?.id ?? ''}>${resource.id}`).join(' ');
  }
}

/** How a tree branches, without names: a node is the list of its children. */
type Shape = readonly Shape[];

function shapes(levelsBelow: number): Arbitrary<Shape> {
  if (levelsBelow === 0) return fc.constant([]);
  return fc.array(shapes(levelsBelow - 1), { maxLength: 3 });
}

/** Numbers the resources as they grow, as in `2`, `2.1`, `2.1.3`, so that a counterexample can be read. */
function* grow(shape: Shape, parentId: string | null, depth: number): Iterable<[string, Place]> {
  for (const [index, below] of shape.entries()) {
    const id = parentId === null ? `${index + 1}` : `${parentId}.${index + 1}`;
    yield [id, { resource: { level: levelAt(depth), id }, parentId }];
    yield* grow(below, id, depth + 1);
  }
}

/** One to three organizations, each branching at random through the levels below. */
export const resourceTrees: Arbitrary<ResourceTree> = fc
  .array(shapes(LEVELS.length - 1), { minLength: 1, maxLength: 3 })
  .map((organizations) => new ResourceTree(new Map(grow(organizations, null, 0))));

/** Trees in which something can be moved, each with a move. */
export const treesWithMove: Arbitrary<{ tree: ResourceTree; move: Move }> = resourceTrees
  .filter((tree) => tree.moves().length > 0)
  .chain((tree) => fc.record({ tree: fc.constant(tree), move: fc.constantFrom(...tree.moves()) }));
