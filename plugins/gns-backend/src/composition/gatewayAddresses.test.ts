import { isDialable } from './gatewayAddresses';

describe('isDialable', () => {
  it.each([
    '10.0.0.1',
    '192.168.7.9',
    '198.51.100.2',
    '2001:db8::7',
    'fd00::1',
    'gateway.eu.example.com',
    'eastwest.corp.internal',
    'a1b2.elb.eu-west-1.amazonaws.com',
  ])('%s can be a gateway', address => {
    expect(isDialable(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    'localhost',
    'api',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
    'metadata.google.internal',
  ])('%s cannot', address => {
    expect(isDialable(address)).toBe(false);
  });
});
