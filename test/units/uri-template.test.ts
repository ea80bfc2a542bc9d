import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LEVELS } from '../../src/scopes';
import { parseOriginalUri } from '../../src/verification/forward-auth/original-uri';
import { Denied, Misconfigured } from '../../src/verification/forward-auth/refusals';
import { UriTemplate } from '../../src/verification/forward-auth/uri-template';

const ORGANIZATION = '01890000-0000-7000-8000-00000000000a';
const ACCOUNT = '01890000-0000-7000-8000-00000000000b';
const WIDGET = '01890000-0000-7000-8000-00000000000c';
const ENVIRONMENT = '01890000-0000-7000-8000-00000000000e';
const OTHER = '01890000-0000-7000-8000-0000000000ff';

const match = (template: string, uri: string) => UriTemplate.parse(template).match(parseOriginalUri(uri));

describe('templates over URIs', () => {
  test.each([
    ['/environments/{environmentId}/**', `/environments/${ENVIRONMENT}/deploys/7`],
    ['/environments/{environmentId}/**', `/environments/${ENVIRONMENT}/`],
    ['/environments/{environmentId}/**', `/environments/${ENVIRONMENT}`],
    ['/environments/{environmentId}', `/environments/${ENVIRONMENT}/`],
    ['/environments/{environmentId}/', `/environments/${ENVIRONMENT}`],
    ['/environments/{environmentId}', `/environments/${ENVIRONMENT}?environmentId=${OTHER}`],
    ['/environments/{environmentId}', `/environments/${ENVIRONMENT.toUpperCase()}`],
    ['/environments/{environmentId}', `/Environments/${ENVIRONMENT}`],
    ['/environments/{environmentId}', `/%65nvironments/${ENVIRONMENT}`],
    ['/environments/{environmentId}', `/environments/%30${ENVIRONMENT.slice(1)}`],
    ['/*/{environmentId}/logs', `/anything/${ENVIRONMENT}/logs`],
    ['/{environmentId}', `/${ENVIRONMENT}`],
    ['/deploy?env={environmentId}', `/deploy?env=${ENVIRONMENT}`],
    ['/deploy?env={environmentId}', `/deploy?verbose&env=${ENVIRONMENT}&to=%2Fhome`],
    ['/deploy?env={environmentId}', `/deploy?%65nv=${ENVIRONMENT}`],
    ['/**?env={environmentId}&mode=fast', `/a/b/c?mode=fast&env=${ENVIRONMENT}`],
  ])('%s finds the environment in %s', (template, uri) => {
    expect(match(template, uri)).toEqual({ resource: { level: 'ENVIRONMENT', id: ENVIRONMENT }, within: [] });
  });

  test.each([
    ['/environments/{environmentId}', '/'],
    ['/environments/{environmentId}', '/environments'],
    ['/environments/{environmentId}', '/environments/'],
    ['/environments/{environmentId}', `/environments/${ENVIRONMENT}/deploys`],
    ['/environments/{environmentId}', `/v1/environments/${ENVIRONMENT}`],
    ['/environments/{environmentId}', `/environmentsx/${ENVIRONMENT}`],
    ['/environments/{environmentId}', `/environments?environmentId=${ENVIRONMENT}`],
    ['/*/{environmentId}/logs', `/${ENVIRONMENT}/logs`],
    ['/deploy?env={environmentId}', '/deploy'],
    ['/deploy?env={environmentId}', `/deploy?environment=${ENVIRONMENT}`],
    ['/deploy?env={environmentId}', `/other?env=${ENVIRONMENT}`],
    ['/deploy?mode=fast', '/deploy?mode=slow'],
    ['/deploy?mode=fast', '/deploy?mode'],
    ['/health', '/healthy'],
  ])('%s leaves %s to the next template', (template, uri) => {
    expect(match(template, uri)).toBeNull();
  });

  test.each([
    ['/environments/{environmentId}', '/environments/me'],
    ['/environments/{environmentId}', `/environments/${ENVIRONMENT.replaceAll('-', '')}`],
    ['/environments/{environmentId}', `/environments/${ENVIRONMENT},${OTHER}`],
    ['/environments/{environmentId}', `/environments/${ENVIRONMENT}%20`],
    ['/environments/{environmentId}/**', `/environments/${ENVIRONMENT}%3F/..%3F`],
    ['/deploy?env={environmentId}', '/deploy?env='],
    ['/deploy?env={environmentId}', '/deploy?env'],
    ['/deploy?env={environmentId}', `/deploy?env=${ENVIRONMENT}&env=${OTHER}`],
    ['/deploy?env={environmentId}', `/deploy?env=${ENVIRONMENT}&ENV=${OTHER}`],
    ['/deploy?env={environmentId}', `/deploy?env=${ENVIRONMENT}&env[]=${OTHER}`],
    ['/deploy?env={environmentId}', `/deploy?env=${ENVIRONMENT}&%65nv%5B0%5D=${OTHER}`],
    ['/deploy?env={environmentId}', `/deploy?env=${ENVIRONMENT}&+env=${OTHER}`],
    ['/deploy?env_id={environmentId}', `/deploy?env_id=${ENVIRONMENT}&env.id=${OTHER}`],
    ['/deploy?env={environmentId}', `/deploy?env[]=${ENVIRONMENT}`],
    ['/deploy?env={environmentId}', `/deploy?x=1;env=${OTHER}&env=${ENVIRONMENT}`],
  ])('%s refuses %s, rather than leave it to a template that asks for less', (template, uri) => {
    expect(() => match(template, uri)).toThrow(Denied);
  });

  test('of several ids the deepest is the resource, wherever it stands, and the others are what it must lie in', () => {
    const template = '/{widgetId}/in/{organizationId}/{accountId}?env={environmentId}';
    const uri = `/${WIDGET}/in/${ORGANIZATION}/${ACCOUNT}?env=${ENVIRONMENT}`;
    expect(match(template, uri)).toEqual({
      resource: { level: 'ENVIRONMENT', id: ENVIRONMENT },
      within: [
        { level: 'WIDGET', id: WIDGET },
        { level: 'ACCOUNT', id: ACCOUNT },
        { level: 'ORGANIZATION', id: ORGANIZATION },
      ],
    });
  });

  test.each(['/', '/?a=b'])('the root, %s, is a path', (uri) => {
    expect(match('/', uri)).toEqual({ resource: null, within: [] });
    expect(match('/**', uri)).toEqual({ resource: null, within: [] });
  });

  test.each([
    '',
    'environments',
    '{environmentId}',
    '/environments/{environmentID}',
    '/environments/{id}',
    '/environments/x-{environmentId}',
    '/environments/{environmentId}/{environmentId}',
    '/environments/{environmentId}?env={environmentId}',
    '/environments/**/deploys',
    '/environments//deploys',
    '/environments/..',
    '/environments/a%20b',
    '/environments/a;b',
    '/environments/a b',
    '/a,/b c',
    '/a?b?c',
    '/a?',
    '/a?=b',
    '/a?b',
    '/a?b=c=d',
    '/a?b=**',
    '/a#b',
  ])('"%s" is no template', (template) => {
    expect(() => UriTemplate.parse(template)).toThrow(Misconfigured);
  });
});

describe('whatever the template and the ids', () => {
  const variables = ['{organizationId}', '{accountId}', '{widgetId}', '{environmentId}'];
  const literal = fc.stringMatching(/^[a-z0-9_~-]{1,8}$/);
  const parts = fc
    .tuple(fc.shuffledSubarray(variables, { minLength: 1 }), fc.array(literal, { maxLength: 4 }))
    .chain(([ids, texts]) =>
      fc.shuffledSubarray([...ids, ...texts], { minLength: ids.length + texts.length }),
    );

  test('what is filled in is found again, the deepest first', () => {
    fc.assert(
      fc.property(parts, fc.array(fc.uuid(), { minLength: 4, maxLength: 4 }), (segments, ids) => {
        const filled = segments.map((segment) => {
          const index = variables.indexOf(segment);
          return index === -1 ? segment : (ids[index] ?? '');
        });
        const asked = match(`/${segments.join('/')}`, `/${filled.join('/')}`);
        const expected = LEVELS.map((level, index) => ({ level, id: ids[index] }))
          .filter((_, index) => segments.includes(variables[index] ?? ''))
          .reverse();
        expect([asked?.resource, ...(asked?.within ?? [])]).toEqual(expected);
      }),
    );
  });

  test('a URI is read as every URL parser reads it, or refused', () => {
    const piece = fc.constantFrom(
      ...[
        'environments',
        ENVIRONMENT,
        OTHER,
        '/',
        '/',
        '.',
        '..',
        '%2e',
        '%2F',
        '%252e',
        '\\',
        '%5c',
        ';',
        '?',
        '#',
        '%',
      ],
      ...['%00', '%c0%ae', '\t', ' ', ':', '@', 'é', '%C3%A9', '//', '&', '='],
    );
    const uris = fc.array(piece, { maxLength: 10 }).map((pieces) => `/${pieces.join('')}`);
    fc.assert(
      fc.property(uris, (uri) => {
        const read = segmentsUnlessDenied(uri);
        if (read === null) return;
        const { pathname, hash } = new URL(uri, 'http://host');
        expect(hash).toBe('');
        expect(`/${read.join('/')}`).toBe(decodeURIComponent(pathname).replace(/(?<=.)\/$/, ''));
      }),
      { numRuns: 5000 },
    );
  });
});

function segmentsUnlessDenied(uri: string): readonly string[] | null {
  try {
    return parseOriginalUri(uri).segments;
  } catch (error) {
    if (error instanceof Denied) return null;
    throw error;
  }
}
