import fc from 'fast-check';
import { parseLabelSelector, selects } from './labelSelector';

const chosen = (selector: string, labels: Record<string, string>) => {
  const requirements = parseLabelSelector(selector);
  return requirements !== undefined && selects(requirements, labels);
};

describe('label selectors', () => {
  const labels = { app: 'shop', tier: 'web', 'example.com/zone': 'a' };

  it.each([
    'app=shop',
    'app==shop',
    'app = shop, tier!=api',
    'tier in (web, api)',
    'tier notin (batch),app',
    'example.com/zone=a,!canary',
    'missing!=x',
  ])('%s selects', selector => {
    expect(chosen(selector, labels)).toBe(true);
  });

  it.each([
    'app=other',
    'tier in (api)',
    'tier notin (web)',
    'canary',
    '!app',
    'app=shop,tier=api',
  ])('%s does not select', selector => {
    expect(chosen(selector, labels)).toBe(false);
  });

  it.each(['', ' ', 'app=a=b', 'app in web', ',', 'a,,b', 'x'.repeat(2000)])(
    'what is no selector selects nothing: %j',
    selector => {
      expect(chosen(selector, labels)).toBe(false);
    },
  );

  it('never throws, and never chooses by a name of Object.prototype', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        parseLabelSelector(text);
      }),
    );
    expect(chosen('constructor', {})).toBe(false);
    expect(chosen('!toString', {})).toBe(true);
  });
});
