import type { ForeignDestinationRule } from '@isthmus/plugin-gns-common';
import { foreignTls } from './destinationRules';
import type { At } from './selection';

const HOST = 'stock.shop.gns.example';
const PODS = [{ app: 'front', version: 'v1' }];

const rule = (
  tls: ForeignDestinationRule['tls'],
  more: Partial<ForeignDestinationRule> = {},
  at = 'web',
): At<ForeignDestinationRule> => ({
  at,
  object: {
    name: 'theirs',
    host: HOST,
    meshWide: at === 'istio-system',
    opaque: false,
    more: false,
    ...(tls ? { tls } : {}),
    ...more,
  },
});
const OURS = [{ namespace: 'home', host: HOST }];
const tls = (rules: At<ForeignDestinationRule>[], own = OURS) =>
  foreignTls(rules, {
    host: HOST,
    entryNamespace: 'home',
    namespace: 'web',
    pods: PODS,
    own,
  })?.type;

describe('foreignTls', () => {
  it.each<[string, At<ForeignDestinationRule>[], string | undefined]>([
    ['none', [], undefined],
    ['no mTLS for the host', [rule('DISABLE')], 'overridden'],
    ['TLS of its own', [rule('SIMPLE')], 'overridden'],
    ['the mTLS of the mesh', [rule('ISTIO_MUTUAL')], undefined],
    ['nothing of TLS', [rule(undefined)], undefined],
    ['all hosts', [rule('DISABLE', { host: '*' })], 'overridden'],
    ['the domain', [rule('DISABLE', { host: '*.gns.example' })], 'overridden'],
    [
      'another domain',
      [rule('DISABLE', { host: '*.other.example' })],
      undefined,
    ],
    ['some ports', [rule(undefined, { more: true })], 'mayBeOverridden'],
    ['something else', [rule(undefined, { opaque: true })], 'mayBeOverridden'],
    ['other pods', [rule('DISABLE', { selector: { app: 'back' } })], undefined],
    [
      'the nearer well and the farther not',
      [rule('ISTIO_MUTUAL'), rule('DISABLE', { host: '*.gns.example' })],
      undefined,
    ],
    [
      'two rules for one host',
      [rule('DISABLE'), rule('ISTIO_MUTUAL')],
      'mayBeOverridden',
    ],
    [
      // Ours is merged with it, and the older one counts.
      'the host in the namespace of the entry',
      [rule('DISABLE', {}, 'home')],
      'mayBeOverridden',
    ],
    [
      'the domain in the namespace of the entry, where ours is nearer',
      [rule('DISABLE', { host: '*.gns.example' }, 'home')],
      undefined,
    ],
    [
      'the host in the root namespace, where ours comes first',
      [rule('DISABLE', {}, 'istio-system')],
      undefined,
    ],
    ['the host elsewhere', [rule('DISABLE', {}, 'other')], undefined],
  ])('of a rule about %s', (_what, rules, wanted) => {
    expect(tls(rules)).toBe(wanted);
  });

  it('asks the root namespace last, and who a rule is shown to', () => {
    const root = (more: Partial<ForeignDestinationRule> = {}) => [
      rule('DISABLE', { host: '*', ...more }, 'istio-system'),
    ];
    expect(tls(root(), [])).toBe('overridden');
    expect(tls(root({ exportTo: ['.'] }), [])).toBeUndefined();
    expect(tls(root({ exportTo: ['web'] }), [])).toBe('overridden');
    expect(tls(root({ exportTo: ['*'] }), [])).toBe('overridden');
  });
});
