import { describe, expect, test } from '@jest/globals';
import { Scope } from '../../src/scopes';
import type { KeyFacts, Place } from '../../src/verification/facts';
import { Memory } from '../../src/verification/memory';
import { newId } from '../../src/shared/ids';

const FLOOD = 50_000;
const SIZE = 1000;
const organizationId = newId();

function keyFacts(selector: string, grants = 1): KeyFacts {
  const environments = Array.from({ length: grants }, () => ({ level: 'ENVIRONMENT' as const, id: newId() }));
  return {
    selector,
    digest: '0'.repeat(64),
    pepperVersion: 1,
    source: 'GENERATED',
    secretExpiresAt: null,
    id: newId(),
    organizationId,
    name: selector,
    metadata: null,
    expiresAt: null,
    disabledAt: null,
    revokedAt: null,
    limits: null,
    scope: new Scope(environments),
  };
}

const organization: Place = { id: organizationId, level: 'ORGANIZATION', organizationId, parentId: null };
const account = (): Place => ({ id: newId(), level: 'ACCOUNT', organizationId, parentId: organizationId });

const many = <Item>(count: number, make: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => make(index));

describe('what a process remembers', () => {
  test('a flood of keys that there are none of pushes out no good one, and is forgotten itself', () => {
    const memory = new Memory(SIZE);
    const good = many(SIZE / 2, (index) => keyFacts(`good${index}`));
    memory.rememberKeys(
      good.map(({ selector }) => selector),
      good,
    );
    const flood = many(FLOOD, (index) => `flood${index}`);
    for (const selector of flood) memory.rememberKeys([selector], []);
    expect(good.filter(({ selector }) => memory.key(selector)?.name !== selector)).toEqual([]);
    const remembered = flood.filter((selector) => memory.key(selector) === null);
    expect(remembered.length).toBeGreaterThan(0);
    expect(remembered.length).toBeLessThanOrEqual(10_000);
  });

  test('a flood of resources that there are none of pushes out no good one, and is forgotten itself', () => {
    const memory = new Memory(SIZE);
    const good = many(SIZE / 2, account);
    for (const place of good) memory.rememberPlaces([place.id], [place, organization]);
    const flood = many(FLOOD, () => newId());
    for (const id of flood) memory.rememberPlaces([id], []);
    expect(good.filter(({ id }) => memory.path(id)?.length !== 2)).toEqual([]);
    const remembered = flood.filter((id) => memory.path(id) === null);
    expect(remembered.length).toBeGreaterThan(0);
    expect(remembered.length).toBeLessThanOrEqual(10_000);
  });

  test('of more keys than there is room for, the latest are kept', () => {
    const memory = new Memory(SIZE);
    const keys = many(5 * SIZE, (index) => keyFacts(`k${index}`));
    for (const key of keys) memory.rememberKeys([key.selector], [key]);
    const kept = keys.filter(({ selector }) => memory.key(selector) !== undefined);
    expect(kept).toEqual(keys.slice(-SIZE));
  });

  test('a key that was pushed out and came back is still forgotten when it changes', () => {
    const memory = new Memory(2);
    const [first, ...others] = many(4, (index) => keyFacts(`k${index}`));
    if (first === undefined) throw new Error('There is no key.');
    for (const key of [first, ...others, first, first]) memory.rememberKeys([key.selector], [key]);
    expect(memory.key(first.selector)).toEqual(first);
    memory.changed([{ action: 'API_KEY_REVOKED', organizationId, subjectId: first.id }]);
    expect(memory.key(first.selector)).toBeUndefined();
  });

  test('a change of a key makes both its secrets forgotten', () => {
    const memory = new Memory(SIZE);
    const key = keyFacts('old');
    const rotated = { ...key, selector: 'new' };
    memory.rememberKeys(['old'], [key]);
    memory.rememberKeys(['new'], [rotated]);
    memory.changed([{ action: 'API_KEY_DISABLED', organizationId, subjectId: key.id }]);
    expect([memory.key('old'), memory.key('new')]).toEqual([undefined, undefined]);
  });

  test('a key with thousands of grants takes the room of many, and one that is too large is not remembered', () => {
    const memory = new Memory(SIZE);
    const small = many(SIZE / 2, (index) => keyFacts(`s${index}`));
    memory.rememberKeys(
      small.map(({ selector }) => selector),
      small,
    );
    memory.rememberKeys(['wide'], [keyFacts('wide', 9000)]);
    expect(memory.key('wide')).toBeDefined();
    expect(small.filter(({ selector }) => memory.key(selector) !== undefined).length).toBeLessThan(SIZE / 2);
    memory.rememberKeys(['wider'], [keyFacts('wider', 10 * SIZE)]);
    expect(memory.key('wider')).toBeUndefined();
  });

  test('changes of more organizations than are noted make all forgotten, rather than any remembered wrongly', () => {
    const memory = new Memory(SIZE);
    const key = keyFacts('one');
    memory.rememberKeys(['one'], [key]);
    for (const id of many(25_000, () => newId())) {
      memory.changed([{ action: 'RESOURCES_SYNCED', organizationId: id, subjectId: id }]);
    }
    memory.changed([{ action: 'RESOURCES_SYNCED', organizationId, subjectId: organizationId }]);
    expect(memory.key('one')).toBeUndefined();
  });
});
