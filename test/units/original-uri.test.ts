import { describe, expect, test } from '@jest/globals';
import { parseOriginalUri } from '../../src/verification/forward-auth/original-uri';
import { Denied } from '../../src/verification/forward-auth/refusals';

describe('the URI of a request behind a proxy', () => {
  test.each([
    ['/', [], ''],
    ['/a', ['a'], ''],
    ['/a/', ['a'], ''],
    ['/a/b?c=d&e=/../..//', ['a', 'b'], 'c=d&e=/../..//'],
    ['/a?', ['a'], ''],
    ['/a?b?c', ['a'], 'b?c'],
    ['/caf%C3%A9/%41%20', ['café', 'A '], ''],
    ['/...', ['...'], ''],
    ['/.well-known/a..b', ['.well-known', 'a..b'], ''],
    ['/100%25', ['100%'], ''],
    ['/a@b:c,d=e+f', ['a@b:c,d=e+f'], ''],
    ['/a?b=%2F%2e%2e%2F', ['a'], 'b=%2F%2e%2e%2F'],
  ])('%s is read', (uri, segments, query) => {
    expect(parseOriginalUri(uri)).toEqual({ segments, query });
  });

  test.each([
    ['nothing', ''],
    ['a path without a slash', 'a'],
    ['an absolute URI', 'http://host/a'],
    ['an asterisk', '*'],
    ['only a query', '?a=b'],
    ['a dot segment', '/a/../b'],
    ['a dot segment at the end', '/a/..'],
    ['a single dot', '/a/./b'],
    ['a dot segment with parameters', '/a/..;/b'],
    ['parameters of a segment', '/a;b=c/d'],
    ['encoded parameters', '/a%3Bb=c/d'],
    ['twice encoded parameters', '/a%253Bb=c/d'],
    ['an encoded question mark', '/a%3F/b'],
    ['a twice encoded question mark', '/a%253f/b'],
    ['an encoded fragment', '/a%23/b'],
    ['encoded dots', '/a/%2e%2e/b'],
    ['one encoded dot', '/a/.%2E/b'],
    ['twice encoded dots', '/a/%252e%252e/b'],
    ['thrice encoded dots', '/a/%25252e%25252E/b'],
    ['an encoded slash', '/a%2fb'],
    ['an encoded slash in upper case', '/a%2Fb'],
    ['a twice encoded slash', '/a%252Fb'],
    ['a backslash', '/a\\..\\b'],
    ['an encoded backslash', '/a%5Cb'],
    ['two slashes', '/a//b'],
    ['two slashes first', '//a'],
    ['two slashes last', '/a//'],
    ['a NUL', '/a\0'],
    ['an encoded NUL', '/a%00'],
    ['an encoded NUL in the query', '/a?b=%00'],
    ['a line feed', '/a\n'],
    ['an encoded line feed', '/a%0a'],
    ['an encoding that is cut off', '/a%2'],
    ['an encoding that is none', '/a%zz'],
    ['an encoding that is none in the query', '/a?b=%zz'],
    ['an over-long encoding', '/a%c0%af'],
    ['half a character', '/a%C3'],
    ['an encoding of Microsoft', '/a%u002e'],
    ['a fragment', '/a#b'],
    ['a fragment after the query', '/a?b#c'],
    ['a space', '/a b'],
    ['two URIs', '/a, /b'],
    ['a letter that is not ASCII', '/café'],
    ['one in the query', '/a?é'],
  ])('%s is refused', (_what, uri) => {
    expect(() => parseOriginalUri(uri)).toThrow(Denied);
  });
});
