import fc from 'fast-check';
import { isDomain, isWithinDomain } from '../dns';
import {
  hostLabel,
  matchingMembers,
  type GlobalNamespaceSpec,
} from './GlobalNamespace';
import { describeMatcher, isExact, matcherSchema, matches } from './matcher';
import { formatRef, parseRef, refOf, type DefinitionRef } from './reference';
import { parseDefinition } from './registry';

describe('domains', () => {
  it.each(['a.b', 'shop.gns.internal', 'xn--bcher-kva.example', '1.a'])(
    '%s is one',
    name => expect(isDomain(name)).toBe(true),
  );
  it.each([
    '',
    'a',
    'a.',
    '.a',
    'a..b',
    'A.b',
    'a_b.c',
    'a.1',
    '-a.b',
    'a-.b',
    'a.b\n',
    `${'a'.repeat(64)}.b`,
    `${'a.'.repeat(127)}b`,
  ])('%j is none', name => expect(isDomain(name)).toBe(false));
  it('lie within each other at dots only', () => {
    expect(isWithinDomain('a.b.c', 'b.c')).toBe(true);
    expect(isWithinDomain('b.c', 'b.c')).toBe(true);
    expect(isWithinDomain('ab.c', 'b.c')).toBe(false);
    expect(isWithinDomain('b.c', 'a.b.c')).toBe(false);
  });
});

describe('matchers', () => {
  it('choose by names, by prefix, by labels', () => {
    const shop = { name: 'shop-web', labels: { team: 'shop', tier: 'web' } };
    expect(matches({ names: ['shop-web'] }, shop)).toBe(true);
    expect(matches({ names: ['shop'] }, shop)).toBe(false);
    expect(matches({ prefix: 'shop-' }, shop)).toBe(true);
    expect(matches({ prefix: '' }, shop)).toBe(true);
    expect(matches({ prefix: 'web' }, shop)).toBe(false);
    expect(matches({ labels: { team: 'shop' } }, shop)).toBe(true);
    expect(matches({ labels: { team: 'shop', tier: 'db' } }, shop)).toBe(false);
    expect(matches({ labels: { team: 'shop' } }, { name: 'x' })).toBe(false);
  });

  it('know no labels that an object merely inherits', () => {
    expect(
      matches({ labels: { constructor: 'x' } }, { name: 'x', labels: {} }),
    ).toBe(false);
  });

  it('say in words what they choose', () => {
    expect(describeMatcher({ names: ['a', 'b'] })).toBe('names a, b');
    expect(describeMatcher({ prefix: '' })).toBe('all names');
    expect(describeMatcher({ prefix: 'eu-' })).toBe('prefix "eu-"');
    expect(describeMatcher({ labels: { a: 'b' } })).toBe('labels a=b');
    expect([
      isExact({ names: ['a'] }),
      isExact({ prefix: 'a' }),
      isExact({ labels: { a: 'b' } }),
    ]).toEqual([true, false, false]);
  });

  it('a prefix chooses its own name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), prefix => {
        expect(matcherSchema.safeParse({ prefix }).success).toBe(true);
        expect(matches({ prefix }, { name: prefix })).toBe(true);
      }),
    );
  });
});

describe('references', () => {
  it.each<[DefinitionRef, string]>([
    [{ kind: 'GlobalNamespace', name: 'shop' }, 'GlobalNamespace:shop'],
    [
      { kind: 'TrafficRoute', gns: 'shop', name: 'checkout' },
      'TrafficRoute:shop/checkout',
    ],
  ])('%j is %s', (ref, text) => {
    expect(formatRef(ref)).toBe(text);
    expect(parseRef(text)).toEqual(ref);
    expect(
      refOf({ kind: ref.kind, metadata: { name: ref.name, gns: ref.gns } }),
    ).toEqual(ref);
  });

  it.each([
    '',
    'shop',
    'GlobalNamespace:',
    'gns:shop',
    'A:b/c/d',
    'A:/b',
    'A:B',
    'A:b\n',
    ':a',
  ])('%j is none, and the message says how to write one', text => {
    expect(() => parseRef(text)).toThrow(/write Kind:name or Kind:gns\/name/);
  });
});

describe('members of a global namespace', () => {
  const spec = (() => {
    const parsed = parseDefinition({
      apiVersion: 'gns.isthmus.dev/v1',
      kind: 'GlobalNamespace',
      metadata: { name: 'shop' },
      spec: {
        domain: 'shop.gns.internal',
        members: [
          { clusters: { prefix: 'eu-' }, namespaces: { names: ['shop'] } },
          { namespaces: { labels: { team: 'shop' } } },
        ],
        hostnames: [
          { namespace: 'shop', service: 'cart', hostname: 'basket' },
          {
            cluster: 'eu-2',
            namespace: 'shop',
            service: 'cart',
            hostname: 'korb',
          },
        ],
      },
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    // The kind is known from the text above.
    return parsed.definition.spec as GlobalNamespaceSpec;
  })();

  it('are the OR of entries, each the AND of its parts', () => {
    const count = (
      cluster: string,
      name: string,
      labels?: Record<string, string>,
    ) => matchingMembers(spec, { name: cluster }, { name, labels }).length;
    expect(count('eu-1', 'shop')).toBe(1);
    expect(count('us-1', 'shop')).toBe(0);
    expect(count('us-1', 'any', { team: 'shop' })).toBe(1);
    expect(count('eu-1', 'shop', { team: 'shop' })).toBe(2);
  });

  it('a host label of one cluster goes before one of all', () => {
    expect(hostLabel(spec, 'eu-1', 'shop', 'cart')).toBe('basket');
    expect(hostLabel(spec, 'eu-2', 'shop', 'cart')).toBe('korb');
    expect(hostLabel(spec, 'eu-2', 'other', 'cart')).toBe('cart');
  });
});
