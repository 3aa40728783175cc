import * as fc from 'fast-check';
import { isPublicAddress } from './public-address';

describe('isPublicAddress', () => {
  it.each(['1.1.1.1', '93.184.216.34', '172.32.0.1', '2606:4700:4700::1111', '::ffff:1.1.1.1'])(
    'takes %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd12::1'],
    ['loopback', '127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'],
    ['link-local', '169.254.1.1', 'fe80::1', 'fe80::1%eth0'],
    [
      'metadata',
      '169.254.169.254',
      'fd00:ec2::254',
      '100.100.100.200',
      '192.0.0.192',
      '168.63.129.16',
    ],
    ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
    ['shared', '100.64.0.1'],
    ['multicast or broadcast', '224.0.0.1', '255.255.255.255', 'ff02::1'],
    ['reserved', '240.0.0.1', '192.0.2.1', '198.18.0.1', '203.0.113.1', '2001:db8::1', '4000::1'],
    [
      'a way to IPv4',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '::127.0.0.1',
      '::ffff:0:7f00:1',
      '2001::1',
    ],
    ['site-local', 'fec0::1'],
    ['no address', '', 'localhost', '1.1.1.1:80', '[::1]', '1.1.1.256'],
  ])('refuses what is %s', (_kind, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });

  it('judges an IPv4 address the same inside IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPublicAddress(`::ffff:${address}`)).toBe(isPublicAddress(address));
      }),
    );
  });
});
