import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditAction } from '../../src/audit/audit-event';
import type { ResourceNode } from '../../src/resources/resource-node';
import { createTreeMemory, withAncestors, type TreeMemory } from '../../src/resources/tree-memory';
import { LEVELS } from '../../src/scopes';

const ACME = path('acme', 3);
const GLOBEX = path('globex', 3);

/** A resource that lies so many levels below its organization. */
function path(organizationId: string, depth: number): ResourceNode {
  const parent = depth === 0 ? null : path(organizationId, depth - 1);
  const level = LEVELS[depth];
  if (level === undefined) throw new Error('There is no such level.');
  const id = depth === 0 ? organizationId : `${organizationId} ${level}`;
  const name = `The ${level} of ${organizationId}`;
  return { id, level, organizationId, name, slug: null, createdAt: 1, modifiedAt: 1, parent };
}

describe('the memory of the tree', () => {
  const feed = { position: 7 as number | null, wake: () => woken++ };
  let woken = 0;
  let memory: TreeMemory;

  beforeEach(() => {
    woken = 0;
    feed.position = 7;
    memory = createTreeMemory(feed, 100);
    memory.asOf(7).remember(withAncestors([ACME, GLOBEX]));
  });

  const told = (action: AuditAction) => {
    memory.changed([{ organizationId: 'acme', action, subjectId: 'acme WIDGET' }]);
    feed.position = (feed.position ?? 0) + 1;
  };

  test('knows what was read, and all above it', () => {
    const tree = memory.asOf(7);
    expect(tree.find(ACME.id)).toBe(ACME);
    expect(tree.find('acme ACCOUNT')).toBe(ACME.parent?.parent);
    expect(tree.find('acme')?.parent).toBeNull();
    expect(tree.findAll([ACME, GLOBEX])).toEqual([ACME, GLOBEX]);
  });

  test('knows nothing of what was never read, nor all of some of which one was not', () => {
    expect(memory.asOf(7).find('initech')).toBeUndefined();
    expect(memory.asOf(7).findAll([ACME, { id: 'initech' }])).toBeNull();
  });

  test('shows nothing to who knows of later changes than it, and wants to be told of them', () => {
    expect(memory.asOf(8).isKnown).toBe(false);
    expect(memory.asOf(8).find(ACME.id)).toBeUndefined();
    expect(memory.asOf(8).findAll([ACME])).toBeNull();
    expect(woken).toBeGreaterThan(0);
  });

  test('shows nothing to who does not know how far the feed goes, nor before it has been read', () => {
    expect(memory.asOf(null).find(ACME.id)).toBeUndefined();
    feed.position = null;
    expect(memory.asOf(0).find(ACME.id)).toBeUndefined();
  });

  test.each<AuditAction>([
    'RESOURCE_RENAMED',
    'RESOURCE_MOVED',
    'RESOURCE_DELETED',
    'RESOURCES_SYNCED',
    'ORGANIZATION_DELETED',
  ])('forgets an organization when it is told of %s there, and no other', (action) => {
    told(action);
    expect(memory.asOf(8).find(ACME.id)).toBeUndefined();
    expect(memory.asOf(8).find('acme')).toBeUndefined();
    expect(memory.asOf(8).find(GLOBEX.id)).toBe(GLOBEX);
  });

  test.each<AuditAction>(['API_KEY_CREATED', 'MEMBERSHIP_CHANGED', 'RESOURCE_CREATED', 'POLICY_UPDATED'])(
    'goes on knowing when it is told of %s',
    (action) => {
      told(action);
      expect(memory.asOf(8).find(ACME.id)).toBe(ACME);
    },
  );

  test('remembers again what is read after a change', () => {
    told('RESOURCE_RENAMED');
    const renamed = { ...ACME, name: 'Another name' };
    memory.asOf(8).remember([renamed]);
    expect(memory.asOf(8).find(ACME.id)).toBe(renamed);
  });

  test('does not remember what may have been read before a change that it has been told of since', () => {
    const tree = memory.asOf(7);
    told('RESOURCE_RENAMED');
    tree.remember([ACME]);
    expect(memory.asOf(8).find(ACME.id)).toBeUndefined();
  });

  test('shows nothing more to who has changed something, though it may remember what others read before', () => {
    const tree = memory.asOf(7);
    memory.changed([{ organizationId: 'acme', action: 'RESOURCE_RENAMED', subjectId: 'acme WIDGET' }]);
    memory.asOf(7).remember([ACME]);
    tree.forget();
    expect(tree.find(ACME.id)).toBeUndefined();
    expect(tree.findAll([ACME])).toBeNull();
  });

  test('knows nothing when changes may have been missed', () => {
    memory.reset();
    expect(memory.asOf(7).find(GLOBEX.id)).toBeUndefined();
  });
});
