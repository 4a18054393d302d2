import type { ForeignPolicy } from '@isthmus/plugin-gns-common';
import { judgeForeign, type Peer } from './policies';

const WEB: Peer = {
  trustDomain: 'cluster.local',
  namespace: 'web',
  serviceAccount: 'front',
};
const PODS = [{ app: 'stock', version: 'v1' }];

type Rule = ForeignPolicy['rules'][number];
const from = (...sources: Partial<Rule['sources'][number]>[]): Rule => ({
  sources: sources.map(s => ({ more: false, ...s })),
  more: false,
});
const ANYBODY: Rule = { sources: [], more: false };
const policy = (
  action: ForeignPolicy['action'],
  rules: Rule[],
  more: Partial<ForeignPolicy> = {},
): ForeignPolicy => ({
  name: 'theirs',
  action,
  meshWide: false,
  opaque: false,
  rules,
  ...more,
});
const judge = (
  policies: ForeignPolicy[],
  more: Partial<Parameters<typeof judgeForeign>[1]> = {},
) =>
  judgeForeign(policies, { peer: WEB, pods: PODS, admitted: true, ...more })
    .type;

describe('judgeForeign', () => {
  it.each<[string, Rule, string]>([
    ['everybody', ANYBODY, 'denied'],
    [
      'the principal',
      from({ principals: ['cluster.local/ns/web/sa/front'] }),
      'denied',
    ],
    [
      'another principal',
      from({ principals: ['cluster.local/ns/web/sa/back'] }),
      'silent',
    ],
    ['a prefix', from({ principals: ['cluster.local/ns/web/*'] }), 'denied'],
    ['a suffix', from({ principals: ['*/sa/front'] }), 'denied'],
    ['whoever has an identity', from({ principals: ['*'] }), 'denied'],
    [
      // It may be an alias of the mesh's own.
      'another trust domain',
      from({ principals: ['other/ns/web/sa/front'] }),
      'mayBeDenied',
    ],
    [
      'another account of another trust domain',
      from({ principals: ['other/ns/web/sa/back'] }),
      'silent',
    ],
    [
      'a suffix with a trust domain',
      from({ principals: ['*ther/ns/web/sa/front'] }),
      'mayBeDenied',
    ],
    ['a whole trust domain', from({ principals: ['cluster.*'] }), 'denied'],
    ['the namespace', from({ namespaces: ['web'] }), 'denied'],
    ['all but the namespace', from({ notNamespaces: ['web'] }), 'silent'],
    ['all but another', from({ notNamespaces: ['ops'] }), 'denied'],
    [
      'all but another principal',
      from({ notPrincipals: ['cluster.local/ns/ops/*'] }),
      'denied',
    ],
    [
      'both at once',
      from({ namespaces: ['web'], notPrincipals: ['*/sa/front'] }),
      'silent',
    ],
    [
      'one of two',
      from({ namespaces: ['ops'] }, { namespaces: ['web'] }),
      'denied',
    ],
    [
      'an address too',
      from({ namespaces: ['web'], more: true }),
      'mayBeDenied',
    ],
    [
      'an address of others',
      from({ namespaces: ['ops'], more: true }),
      'silent',
    ],
    ['some paths', { sources: [], more: true }, 'mayBeDenied'],
  ])('a DENY of %s', (_, rule, expected) => {
    expect(judge([policy('DENY', [rule])])).toBe(expected);
  });

  it('a DENY without rules denies nobody', () => {
    expect(judge([policy('DENY', [])])).toBe('silent');
  });

  it.each([
    ['the pods', { app: 'stock' }, 'denied'],
    ['other pods', { app: 'cart' }, 'silent'],
    ['pods by a label that is not reported', { track: 'x' }, 'mayBeDenied'],
  ] as const)('a DENY for %s', (_, selector, expected) => {
    expect(judge([policy('DENY', [ANYBODY], { selector })])).toBe(expected);
  });

  it('a DENY for some of the pods may deny', () => {
    const pods = [...PODS, { app: 'stock', version: 'v2' }];
    const some = policy('DENY', [ANYBODY], { selector: { version: 'v2' } });
    expect(judge([some], { pods })).toBe('mayBeDenied');
  });

  it('where no pods are reported a selector may be for them', () => {
    const some = policy('DENY', [ANYBODY], { selector: { app: 'stock' } });
    expect(judge([some], { pods: [] })).toBe('mayBeDenied');
  });

  it('with the account open, a principal of the namespace may be meant', () => {
    const peer = { ...WEB, serviceAccount: undefined };
    const deny = (pattern: string) =>
      judge([policy('DENY', [from({ principals: [pattern] })])], { peer });
    expect(deny('cluster.local/ns/web/sa/front')).toBe('mayBeDenied');
    expect(deny('cluster.local/ns/web/*')).toBe('denied');
    expect(deny('cluster.local/ns/web/sa/f*')).toBe('mayBeDenied');
    expect(deny('cluster.local/ns/ops/*')).toBe('silent');
    expect(deny('*/sa/front')).toBe('mayBeDenied');
  });

  it('where the trust domain is not known, the right path may be meant', () => {
    const peer = { ...WEB, trustDomain: undefined };
    const deny = (pattern: string) =>
      judge([policy('DENY', [from({ principals: [pattern] })])], { peer });
    expect(deny('cluster.local/ns/web/sa/front')).toBe('mayBeDenied');
    expect(deny('cluster.local/ns/web/sa/back')).toBe('silent');
    expect(deny('*/sa/front')).toBe('denied');
  });

  it('what an external authorizer says is open; what is audited passes', () => {
    expect(judge([policy('CUSTOM', [ANYBODY])])).toBe('mayBeDenied');
    expect(judge([policy('AUDIT', [ANYBODY])])).toBe('silent');
  });

  it('what cannot be judged may deny', () => {
    expect(judge([policy('DENY', [], { opaque: true })])).toBe('mayBeDenied');
  });

  it('an ALLOW that leaves the caller out refuses, unless a policy of ours admits', () => {
    const ops = policy('ALLOW', [from({ namespaces: ['ops'] })]);
    const web = policy('ALLOW', [from({ namespaces: ['web'] })]);
    expect(judge([ops])).toBe('silent');
    expect(judge([ops], { admitted: false })).toBe('notAllowed');
    expect(judge([ops, web], { admitted: false })).toBe('allowed');
    expect(judge([policy('ALLOW', [])], { admitted: false })).toBe(
      'notAllowed',
    );
    expect(judge([], { admitted: false })).toBe('silent');
    const paths = policy('ALLOW', [{ sources: [], more: true }]);
    expect(judge([ops, paths], { admitted: false })).toBe('mayNotBeAllowed');
  });

  it('a DENY goes before every ALLOW', () => {
    const both = [policy('ALLOW', [ANYBODY]), policy('DENY', [ANYBODY])];
    expect(judge(both, { admitted: false })).toBe('denied');
  });
});
