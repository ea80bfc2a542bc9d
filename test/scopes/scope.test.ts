import { describe, expect, test } from '@jest/globals';
import { LEVELS, Scope, levelAt, type Grant, type Level, type Path } from '../../src/scopes';

/** The path of the last of some names, written from the organization down: `acme/retail/checkout`. */
function path(names: string): Path {
  return names
    .split('/')
    .map((id, depth) => ({ level: levelAt(depth), id }))
    .reverse();
}

/** Grants, written as `account:retail environment:staging`. */
function grants(text: string): Grant[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((grant) => {
      const [level, id = ''] = grant.split(':');
      return { level: level?.toUpperCase() as Level, id };
    });
}

const scope = (text: string) => new Scope(grants(text));

describe('a scope covers a resource when it grants the resource itself or any of its ancestors', () => {
  const COVERED = true;
  const NOT = false;

  test.each<[string, string, boolean]>([
    // An organization: everything in it, and nothing of another.
    ['organization:acme', 'acme', COVERED],
    ['organization:acme', 'acme/retail', COVERED],
    ['organization:acme', 'acme/retail/checkout', COVERED],
    ['organization:acme', 'acme/retail/checkout/production', COVERED],
    ['organization:acme', 'globex', NOT],
    ['organization:acme', 'globex/energy', NOT],
    ['organization:acme', 'globex/energy/meter/production', NOT],

    // An account: itself and what is below, not its organization, its siblings, or what is below those.
    ['account:retail', 'acme/retail', COVERED],
    ['account:retail', 'acme/retail/checkout', COVERED],
    ['account:retail', 'acme/retail/checkout/production', COVERED],
    ['account:retail', 'acme', NOT],
    ['account:retail', 'acme/wholesale', NOT],
    ['account:retail', 'acme/wholesale/orders', NOT],
    ['account:retail', 'acme/wholesale/orders/production', NOT],
    ['account:retail', 'globex/energy', NOT],

    // A widget.
    ['widget:checkout', 'acme/retail/checkout', COVERED],
    ['widget:checkout', 'acme/retail/checkout/production', COVERED],
    ['widget:checkout', 'acme/retail/checkout/staging', COVERED],
    ['widget:checkout', 'acme', NOT],
    ['widget:checkout', 'acme/retail', NOT],
    ['widget:checkout', 'acme/retail/search', NOT],
    ['widget:checkout', 'acme/retail/search/live', NOT],
    ['widget:checkout', 'acme/wholesale/orders', NOT],

    // An environment: itself only.
    ['environment:production', 'acme/retail/checkout/production', COVERED],
    ['environment:production', 'acme/retail/checkout/staging', NOT],
    ['environment:production', 'acme/retail/checkout', NOT],
    ['environment:production', 'acme/retail', NOT],
    ['environment:production', 'acme', NOT],
    ['environment:production', 'acme/retail/search/live', NOT],

    // Grants add up, and a narrow one takes nothing from a wide one.
    ['account:retail environment:production', 'acme/retail/search/live', COVERED],
    ['environment:production account:retail', 'acme/retail/search/live', COVERED],
    ['widget:checkout widget:orders', 'acme/retail/checkout', COVERED],
    ['widget:checkout widget:orders', 'acme/wholesale/orders', COVERED],
    ['widget:checkout widget:orders', 'acme/retail/search', NOT],
    ['widget:checkout widget:orders', 'acme/retail', NOT],
    ['environment:production environment:staging', 'acme/retail/checkout', NOT],

    // An id counts only at the level at which it is granted.
    ['account:one', 'acme/one', COVERED],
    ['account:one', 'one', NOT],
    ['account:one', 'acme/retail/one', NOT],
    ['environment:acme', 'acme', NOT],
    ['organization:production', 'acme/retail/checkout/production', NOT],
    ['organization:one environment:one', 'one', COVERED],
    ['organization:one environment:one', 'acme/retail/checkout/one', COVERED],
    ['organization:one environment:one', 'acme/one', NOT],

    // An id counts only as a whole, to the letter.
    ['account:retail', 'acme/retail-eu', NOT],
    ['account:retail-eu', 'acme/retail', NOT],
    ['account:retail', 'acme/Retail', NOT],

    // No grant, no resource.
    ['', 'acme', NOT],
    ['', 'acme/retail', NOT],
    ['', 'acme/retail/checkout', NOT],
    ['', 'acme/retail/checkout/production', NOT],
  ])('[%s] %s: %s', (granted, resource, covered) => {
    expect(scope(granted).covers(path(resource))).toBe(covered);
  });

  test('no scope covers the empty path of a resource that does not exist', () => {
    expect(scope('organization:acme').covers([])).toBe(false);
    expect(Scope.NOTHING.covers([])).toBe(false);
  });
});

describe('the breadth of a scope is its widest grant', () => {
  test.each([
    ['', 'NONE'],
    ['environment:production', 'ENVIRONMENT'],
    ['widget:checkout', 'WIDGET'],
    ['account:retail', 'ACCOUNT'],
    ['organization:acme', 'ORGANIZATION'],
    ['environment:production environment:staging', 'ENVIRONMENT'],
    ['environment:production widget:checkout', 'WIDGET'],
    ['environment:production account:retail widget:checkout', 'ACCOUNT'],
    ['environment:production organization:acme', 'ORGANIZATION'],
  ])('[%s] is %s', (granted, breadth) => {
    expect(scope(granted).breadth).toBe(breadth);
  });
});

describe('the grants that reach a resource are told nearest first', () => {
  test.each([
    ['account:retail', 'acme/retail', 'account:retail'],
    ['account:retail', 'acme/retail/checkout/production', 'account:retail'],
    [
      'organization:acme environment:production',
      'acme/retail/checkout/production',
      'environment:production organization:acme',
    ],
    [
      'account:retail widget:checkout organization:acme environment:production',
      'acme/retail/checkout/production',
      'environment:production widget:checkout account:retail organization:acme',
    ],
    ['widget:checkout widget:search', 'acme/retail/search', 'widget:search'],
    ['environment:production account:retail', 'acme/retail/checkout', 'account:retail'],
    ['environment:production', 'acme/retail/checkout', ''],
    ['', 'acme/retail/checkout', ''],
  ])('[%s] reaches %s by [%s]', (granted, resource, reaching) => {
    expect(scope(granted).grantsReaching(path(resource))).toEqual(grants(reaching));
  });
});

describe('the ids of a scope', () => {
  const mixed = scope('widget:search account:retail widget:checkout organization:acme widget:search');

  test.each<[Level, string[]]>([
    ['ORGANIZATION', ['acme']],
    ['ACCOUNT', ['retail']],
    ['WIDGET', ['search', 'checkout']],
    ['ENVIRONMENT', []],
  ])('at the level %s are %j, in the order given and without repetition', (level, ids) => {
    expect(mixed.idsAt(level)).toEqual(ids);
  });

  test('are all there are of its grants', () => {
    const byLevel = LEVELS.flatMap((level) => mixed.idsAt(level).map((id) => ({ level, id })));
    expect(mixed.grants).toEqual(byLevel);
  });
});

describe('attenuation: a holder can give away only what it may touch itself', () => {
  test.each([
    // What is held, what is to be granted, and what of that lies beyond.
    ['account:retail', ['acme/retail'], []],
    ['account:retail', ['acme/retail/checkout', 'acme/retail/search/live'], []],
    ['account:retail', ['acme'], ['acme']],
    ['account:retail', ['acme/wholesale'], ['acme/wholesale']],
    ['account:retail', ['acme/retail', 'acme/wholesale/orders', 'acme'], ['acme/wholesale/orders', 'acme']],
    ['environment:production environment:staging', ['acme/retail/checkout'], ['acme/retail/checkout']],
    ['organization:acme', ['globex/energy'], ['globex/energy']],
    ['organization:acme', [], []],
    ['', [], []],
    ['', ['acme/retail/checkout/production'], ['acme/retail/checkout/production']],
  ])('[%s] is asked to grant %j: beyond it are %j', (held, granted, beyond) => {
    expect(scope(held).beyond(granted.map(path))).toEqual(beyond.map(path));
  });
});

describe('a deletion takes the grants of what is deleted, and puts nothing in their place', () => {
  test.each([
    ['account:retail environment:production', ['production'], 'account:retail'],
    ['account:retail environment:production', ['retail'], 'environment:production'],
    ['account:retail', ['retail'], ''],
    ['account:retail', ['wholesale'], 'account:retail'],
    ['account:retail', [], 'account:retail'],
    ['widget:checkout environment:production', ['checkout', 'production', 'staging'], ''],
    ['', ['retail'], ''],
  ])('[%s] without %j is [%s]', (granted, deleted, left) => {
    expect(scope(granted).without(new Set(deleted)).grants).toEqual(grants(left));
  });

  test('a scope whose only grant is deleted covers nothing, not everything', () => {
    const left = scope('account:retail').without(new Set(['retail']));
    expect(left.breadth).toBe('NONE');
    expect(left.covers(path('acme'))).toBe(false);
    expect(left.covers(path('acme/wholesale/orders/production'))).toBe(false);
  });

  test('the scope that was there before stays as it was', () => {
    const before = scope('account:retail');
    before.without(new Set(['retail']));
    expect(before.covers(path('acme/retail'))).toBe(true);
  });
});

describe('the levels of the tree', () => {
  test.each([
    [0, 'ORGANIZATION'],
    [1, 'ACCOUNT'],
    [2, 'WIDGET'],
    [3, 'ENVIRONMENT'],
  ])('depth %i is %s', (depth, level) => {
    expect(levelAt(depth)).toBe(level);
  });

  test.each([-1, 4, 0.5, Number.NaN])('there is no depth %d', (depth) => {
    expect(() => levelAt(depth)).toThrow(RangeError);
  });
});
