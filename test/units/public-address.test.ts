import { describe, expect, test } from '@jest/globals';
import { isPublicAddress } from '../../src/webhooks/public-address';

describe('public addresses', () => {
  test.each([
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '223.255.255.255',
  ])('%s is one of the internet', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each(['2001:4860:4860::8888', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e'])(
    '%s is one of the internet',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([
    ['0.0.0.0', 'this machine'],
    ['127.0.0.1', 'this machine'],
    ['127.255.255.254', 'this machine'],
    ['10.0.0.1', 'a private network'],
    ['172.16.0.1', 'a private network'],
    ['172.31.255.255', 'a private network'],
    ['192.168.1.1', 'a private network'],
    ['100.64.0.1', 'a network of a provider'],
    ['100.100.100.200', 'the metadata of a cloud'],
    ['169.254.169.254', 'the metadata of a cloud'],
    ['168.63.129.16', 'the metadata of a cloud'],
    ['198.18.0.1', 'a network for measurements'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'this machine'],
    ['::1', 'this machine'],
    ['fe80::1', 'the link'],
    ['fc00::1', 'a private network'],
    ['fd00:ec2::254', 'the metadata of a cloud'],
    ['ff02::1', 'multicast'],
    ['::ffff:127.0.0.1', 'IPv4 in other clothes'],
    ['::ffff:8.8.8.8', 'IPv4 in other clothes'],
    ['64:ff9b::7f00:1', 'IPv4 in other clothes'],
    ['2002:7f00:1::', 'IPv4 in other clothes'],
    ['2001::1', 'IPv4 in other clothes'],
    ['2001:db8::1', 'documentation'],
  ])('%s is %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
