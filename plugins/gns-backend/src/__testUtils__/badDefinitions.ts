import { exactly, shopWith } from './hubBackend';

/** A good definition `other`; each case breaks one thing of it. */
export function other(
  spec: object = {},
  over: object = {},
  metadata: object = {},
) {
  return {
    ...shopWith([]),
    ...over,
    metadata: { name: 'other', ...metadata },
    spec: { domain: 'other.internal', members: [], ...spec },
  };
}

/** A body of YAML. */
export const yaml = (text: string) => ({ type: 'application/yaml', text });
/** A body of JSON. */
export const json = (document: object) => ({
  type: 'application/json',
  text: JSON.stringify(document),
});
/** The first lines of a definition `other`, up to `spec`. */
export const head =
  'apiVersion: gns.isthmus.dev/v1\nkind: GlobalNamespace\nmetadata: { name: other }\n';

/** Nine lists, each of nine references to the one before: 387 million words. */
const bomb = ['a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]']
  .concat(
    [...'bcdefghi'].map((name, i) => {
      const before = `*${'abcdefgh'[i]}`;
      return `${name}: &${name} [${Array(9).fill(before).join(', ')}]`;
    }),
  )
  .join('\n');

/** A body that is refused, and what is said about it. */
export interface BadDefinition {
  /** What is sent. */
  body: { type: string; text: string };
  code: string;
  /** Path in the document, or line and column of text that is none. */
  path: string | RegExp;
  /** The value as it is shown; absent where the text has none. */
  value?: string | RegExp;
}

/** Bad definitions by what is wrong with them, for a hub that has `shop` with web of eu-1 and depot of us-1. */
export const BAD_DEFINITIONS: Record<string, BadDefinition> = {
  'members that another global namespace has': {
    body: json(other({ members: [exactly('eu-1', 'web')] })),
    code: 'members-overlap',
    path: 'spec.members[0].namespaces',
    value: '{"names":["web"]}',
  },
  'members that overlap by prefix': {
    body: json(
      other({
        members: [
          exactly('eu-1', 'none'),
          { clusters: { prefix: 'us' }, namespaces: { prefix: 'de' } },
        ],
      }),
    ),
    code: 'members-overlap',
    path: 'spec.members[1].namespaces',
    value: '{"prefix":"de"}',
  },
  'a namespace on which the cluster runs': {
    body: json(other({ members: [exactly('eu-1', 'istio-system')] })),
    code: 'namespace-reserved',
    path: 'spec.members[0].namespaces.names[0]',
    value: '"istio-system"',
  },
  'a domain that is no DNS name': {
    body: json(other({ domain: 'Shop_One.internal' })),
    code: 'custom',
    path: 'spec.domain',
    value: '"Shop_One.internal"',
  },
  'a domain of one label': {
    body: json(other({ domain: 'shop' })),
    code: 'custom',
    path: 'spec.domain',
    value: '"shop"',
  },
  'a domain with a letter of another script': {
    body: json(other({ domain: 'sh\u043ep.internal' })),
    code: 'custom',
    path: 'spec.domain',
    value: '"sh\u043ep.internal"',
  },
  'a domain with a line break': {
    body: json(other({ domain: 'shop.internal\n' })),
    code: 'custom',
    path: 'spec.domain',
    value: String.raw`"shop.internal\n"`,
  },
  'a domain that is taken': {
    body: json(other({ domain: 'shop.gns.internal' })),
    code: 'domain-taken',
    path: 'spec.domain',
    value: '"shop.gns.internal"',
  },
  'a domain inside another': {
    body: json(other({ domain: 'a.shop.gns.internal' })),
    code: 'domain-nested',
    path: 'spec.domain',
    value: '"a.shop.gns.internal"',
  },
  'a domain around another': {
    body: json(other({ domain: 'gns.internal' })),
    code: 'domain-contains',
    path: 'spec.domain',
    value: '"gns.internal"',
  },
  'a real public suffix': {
    body: json(other({ domain: 'shop.co.uk' })),
    code: 'domain-public',
    path: 'spec.domain',
    value: '"shop.co.uk"',
  },
  'the domain of Kubernetes': {
    body: json(other({ domain: 'shop.cluster.local' })),
    code: 'domain-reserved',
    path: 'spec.domain',
    value: '"shop.cluster.local"',
  },
  'an unknown kind': {
    body: json(other({}, { kind: 'GlobalNamespaces' })),
    code: 'unknown-kind',
    path: 'kind',
    value: '"GlobalNamespaces"',
  },
  'an unknown version': {
    body: json(other({}, { apiVersion: 'gns.isthmus.dev/v2' })),
    code: 'unknown-version',
    path: 'apiVersion',
    value: '"gns.isthmus.dev/v2"',
  },
  'an unknown field': {
    body: json(other({ members: [{ namespace: { names: ['web'] } }] })),
    code: 'unknown-field',
    path: 'spec.members[0].namespace',
    value: '{"names":["web"]}',
  },
  'a field of every object': {
    body: yaml(`${head}spec:\n  domain: other.internal\n  __proto__: { a: 1 }`),
    code: 'unknown-field',
    path: 'spec.__proto__',
    value: '{"a":1}',
  },
  'a merge key': {
    body: yaml(
      `${head}spec:\n  domain: other.internal\n  <<: { mtls: strict }`,
    ),
    code: 'unknown-field',
    path: /^spec.*<</,
    value: '{"mtls":"strict"}',
  },
  'a YAML bomb': {
    body: yaml(`${head}spec:\n${bomb.replaceAll(/^/gm, '  ')}\n`),
    code: 'yaml-feature',
    path: /^\d+:\d+$/,
  },
  'an anchor that nobody uses': {
    body: yaml(`${head}spec: &spec { domain: other.internal }`),
    code: 'yaml-feature',
    path: /^4:\d+$/,
  },
  'a tag': {
    body: yaml(`${head}spec: { domain: !!binary b3RoZXI= }`),
    code: 'yaml-feature',
    path: /^4:\d+$/,
    value: /binary/,
  },
  'a key twice in YAML': {
    body: yaml(`${head}spec: { domain: a.internal, domain: b.internal }`),
    code: 'duplicate-key',
    path: /^4:\d+$/,
    value: /domain/,
  },
  'a key twice in JSON': {
    body: {
      type: 'application/json',
      text: JSON.stringify(other()).replace('"spec":{', '"spec":{"domain":"",'),
    },
    code: 'duplicate-key',
    path: /^1:\d+$/,
    value: /domain/,
  },
  'brackets without end': {
    body: yaml(`${head}spec: ${'['.repeat(20_000)}`),
    code: 'too-deep',
    path: '',
  },
  'a title with a null character': {
    body: json(other({}, {}, { title: 'a\u0000b' })),
    code: 'custom',
    path: 'metadata.title',
    value: String.raw`"a\u0000b"`,
  },
  'a title that reverses what is read': {
    body: json(other({}, {}, { title: 'shop\u202egnp' })),
    code: 'custom',
    path: 'metadata.title',
    value: String.raw`"shop\u202egnp"`,
  },
  'a title with an invisible character': {
    body: json(other({}, {}, { title: 'sh\u200bop' })),
    code: 'custom',
    path: 'metadata.title',
    value: String.raw`"sh\u200bop"`,
  },
  'half of a character': {
    body: json(other({}, {}, { title: '\ud83d' })),
    code: 'custom',
    path: 'metadata.title',
    value: String.raw`"\ud83d"`,
  },
  'a title that is not in normal form': {
    body: json(other({}, {}, { title: 'Cafe\u0301' })),
    code: 'custom',
    path: 'metadata.title',
    value: '"Cafe\u0301"',
  },
};
