import { describe, expect, test } from '@jest/globals';
import { checkEndpointUrl } from '../../src/webhooks/endpoint-url';

const PRODUCTION = { plainLoopback: false, privateAddresses: false };
const DEVELOPMENT = { plainLoopback: true, privateAddresses: true };

describe('URLs of webhook endpoints', () => {
  test.each([
    ['https://example.com', 'https://example.com/'],
    ['https://EXAMPLE.com:8443/Hooks?of=keys#here', 'https://example.com:8443/Hooks?of=keys'],
    ['https://93.184.216.34/', 'https://93.184.216.34/'],
  ])('%s is taken everywhere, in its canonical form', (url, canonical) => {
    expect(checkEndpointUrl(url, PRODUCTION)).toBe(canonical);
    expect(checkEndpointUrl(url, DEVELOPMENT)).toBe(canonical);
  });

  test.each([
    'http://localhost:3000/',
    'http://127.0.0.1/',
    'http://127.9.9.9/',
    'http://[::1]/',
    'https://10.0.0.1/',
  ])('%s is taken in development only', (url) => {
    expect(checkEndpointUrl(url, DEVELOPMENT)).toBe(url);
    expect(() => checkEndpointUrl(url, PRODUCTION)).toThrow('Expected');
  });

  test.each([
    'http://example.com/',
    'http://localhost.example.com/',
    'http://127.0.0.1.example.com/',
    'http://10.0.0.1/',
    'ws://localhost/',
    'file:///etc/passwd',
    'https://:password@example.com/',
    'https://',
    'example.com',
  ])('%s is taken nowhere', (url) => {
    expect(() => checkEndpointUrl(url, DEVELOPMENT)).toThrow('Expected');
    expect(() => checkEndpointUrl(url, PRODUCTION)).toThrow('Expected');
  });

  test.each([
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://[::ffff:7f00:1]/',
  ])('%s is this machine however it is written', (url) => {
    expect(() => checkEndpointUrl(url, PRODUCTION)).toThrow('private');
  });
});
