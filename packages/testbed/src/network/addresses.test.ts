import { extraAddress, gatewayRange, NetworkAddresses } from './addresses';

describe('NetworkAddresses', () => {
  it('hands out each pod address once and says when they are used up', () => {
    const network = new NetworkAddresses(3);
    const pods = Array.from({ length: 241 }, () => network.nextPod());
    expect(new Set(pods).size).toBe(241);
    expect(pods[0]).toBe('10.240.3.10');
    expect(pods[240]).toBe('10.240.3.250');
    expect(() => network.nextPod()).toThrow('has used its 241 pod addresses');
  });

  it('keeps gateways within the range that other networks reach', () => {
    const network = new NetworkAddresses(3);
    const gateways = Array.from({ length: 8 }, () => network.nextGateway());
    expect(`${gateways[0]}-${gateways[7]}`).toBe(gatewayRange(3));
    expect(() => network.nextGateway()).toThrow(RangeError);
  });
});

describe('extraAddress', () => {
  it('ends with the range', () => {
    expect(extraAddress(0)).toBe('10.240.0.200');
    expect(extraAddress(54)).toBe('10.240.0.254');
    expect(() => extraAddress(55)).toThrow(RangeError);
  });
});
