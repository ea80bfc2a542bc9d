import { beforeEach, describe, expect, test } from '@jest/globals';
import { createScopeMemory, type RememberedScope, type ScopeMemory } from '../../src/api-keys/scope-memory';
import { AUDIT_ACTIONS, type AuditAction } from '../../src/audit/audit-event';
import { Scope } from '../../src/scopes';

const SIZE = 100;

function keyOf(organizationId: string, name: string, grants = 1): RememberedScope {
  const ids = Array.from({ length: grants }, (_, index) => `environment ${index}`);
  const scope = new Scope(ids.map((id) => ({ level: 'ENVIRONMENT', id })));
  return { id: `${organizationId} ${name}`, organizationId, breadth: 'ENVIRONMENT', scope, resources: null };
}

const KEY = keyOf('acme', 'key');
const NEIGHBOR = keyOf('acme', 'other key');
const STRANGER = keyOf('globex', 'key');

describe('the memory of scopes', () => {
  const feed = { position: 7, wake: () => undefined };
  let memory: ScopeMemory;

  beforeEach(() => {
    feed.position = 7;
    memory = createScopeMemory(feed, SIZE);
    memory.asOf(7).remember([KEY, NEIGHBOR, STRANGER]);
  });

  const known = () => {
    const scopes = memory.asOf(feed.position);
    return [KEY, NEIGHBOR, STRANGER].filter(({ id }) => scopes.find(id) !== undefined);
  };
  const told = (action: AuditAction, subjectId: string) => {
    memory.changed([{ organizationId: 'acme', action, subjectId }]);
    feed.position++;
  };

  test.each(AUDIT_ACTIONS.filter((action) => action.startsWith('API_KEY_')))(
    'forgets that of a key, and of no other, when it is told of %s',
    (action) => {
      told(action, KEY.id);
      expect(known()).toEqual([NEIGHBOR, STRANGER]);
    },
  );

  test.each<AuditAction>([
    'RESOURCE_RENAMED',
    'RESOURCE_MOVED',
    'RESOURCE_DELETED',
    'RESOURCES_SYNCED',
    'ORGANIZATION_DELETED',
  ])('forgets those of an organization when it is told of %s there, and no other', (action) => {
    told(action, 'a resource');
    expect(known()).toEqual([STRANGER]);
  });

  test.each<AuditAction>(['RESOURCE_CREATED', 'MEMBERSHIP_CHANGED', 'POLICY_UPDATED'])(
    'goes on knowing when it is told of %s',
    (action) => {
      told(action, 'a resource');
      expect(known()).toEqual([KEY, NEIGHBOR, STRANGER]);
    },
  );

  test('does not remember what may have been read before a change that it has been told of since', () => {
    const scopes = memory.asOf(7);
    told('API_KEY_UPDATED', KEY.id);
    scopes.remember([KEY]);
    expect(known()).toEqual([NEIGHBOR, STRANGER]);
  });

  test('holds fewer scopes the more they grant, and none that is larger than all it may hold', () => {
    const large = Array.from({ length: 20 }, (_, index) => keyOf('initech', `key ${index}`, 200));
    const largest = keyOf('initech', 'largest key', 10 * SIZE);
    memory.asOf(7).remember([...large, largest]);
    const held = large.filter(({ id }) => memory.asOf(7).find(id) !== undefined);
    expect(held).toHaveLength(4);
    expect(memory.asOf(7).find(largest.id)).toBeUndefined();
  });
});
