import fc from 'fast-check';
import { DNS_LABEL, SERVICE_LABEL } from './dns';
import { parseServiceAnnotation } from './serviceAnnotation';

describe('parseServiceAnnotation', () => {
  it('reads one and several services, once each', () => {
    expect(
      parseServiceAnnotation(' shop/cart , shop-staging/cart,shop/cart,, '),
    ).toEqual({
      services: [
        { gns: 'shop', service: 'cart' },
        { gns: 'shop-staging', service: 'cart' },
      ],
      invalid: [],
    });
    expect(parseServiceAnnotation('')).toEqual({ services: [], invalid: [] });
  });

  it.each([
    'shop',
    'shop/',
    '/cart',
    'shop/cart/v1',
    'Shop/cart',
    'shop/Cart',
    'shop/1cart',
    'shop/../etc',
    'shop/cart?x=1',
    'shop/cart"}',
    'shop /cart',
    'shop/cart\n/x',
    'ѕhop/cart',
    '__proto__/x',
    'shop/{job="x"}',
  ])('%j is shown as invalid and never used as a name', text => {
    const { services, invalid } = parseServiceAnnotation(text);
    expect(services).toEqual([]);
    expect(invalid).toHaveLength(1);
  });

  it('escapes what hides in invalid text', () => {
    expect(parseServiceAnnotation('a\u202eb').invalid).toEqual(['a\\u202eb']);
  });

  it('an entry that does not fit is left out, never cut to another name', () => {
    const long = `${'x,'.repeat(1990)}shop/checkout-service-of-the-web-shop`;
    expect(parseServiceAnnotation(long).services).toEqual([]);
    const endless = parseServiceAnnotation('a'.repeat(10_000));
    expect(endless).toEqual({ services: [], invalid: [] });
  });

  it('reads at most fifty', () => {
    const many = Array.from({ length: 500 }, (_, i) => `g/s${i}`).join(',');
    expect(parseServiceAnnotation(many).services).toHaveLength(50);
  });

  it('whatever the text, services have names of services', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        for (const { gns, service } of parseServiceAnnotation(text).services) {
          expect(gns).toMatch(DNS_LABEL);
          expect(service).toMatch(SERVICE_LABEL);
        }
      }),
    );
  });
});
