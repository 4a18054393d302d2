import fc from 'fast-check';
import { assignAddresses, readAddressRange } from './addresses';

describe('addresses', () => {
  const range = readAddressRange('240.16.0.0/12');

  it('the same host gets the same address from an empty hub again', () => {
    const one = assignAddresses(['a.shop', 'b.shop'], new Set(), range);
    const two = assignAddresses(['b.shop', 'a.shop'], new Set(), range);
    expect(two).toEqual(one);
    expect(new Set(one.values()).size).toBe(2);
  });

  it('addresses are unique, in the range, and outside what Istio assigns', () => {
    const wide = readAddressRange('240.0.0.0/8');
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.domain(), { maxLength: 50 }),
        fc.uniqueArray(fc.domain(), { maxLength: 50 }),
        (first, second) => {
          const taken = new Set(
            assignAddresses(first, new Set(), wide).values(),
          );
          const assigned = assignAddresses(second, taken, wide);
          expect(assigned.size).toBe(second.length);
          const all = [...assigned.values()];
          expect(new Set(all).size).toBe(all.length);
          for (const address of all) {
            expect(taken.has(address)).toBe(false);
            expect(address).toMatch(/^240\.(?!240\.)/);
            expect(address).not.toMatch(/\.(0|255)$/);
          }
        },
      ),
    );
  });

  it('a full range leaves hosts without an address instead of giving one twice', () => {
    const small = readAddressRange('240.16.5.0/24');
    const hosts = Array.from({ length: 300 }, (_, i) => `h${i}.shop`);
    const assigned = assignAddresses(hosts, new Set(), small);
    expect(assigned.size).toBe(254);
    expect(new Set(assigned.values()).size).toBe(254);
  });

  it.each(['240.240.0.0/16', '10.0.0.0/30', 'x', '300.0.0.0/12', '::/12'])(
    '%s is refused with an example of a good one',
    text => {
      expect(() => readAddressRange(text)).toThrow(
        /gns\.addressRange.*240\.16\.0\.0\/12/,
      );
    },
  );
});
