import { API_VERSION } from '../names';
import { findKind, parseDefinition, PLANNED_KINDS } from './registry';

const shop = {
  apiVersion: API_VERSION,
  kind: 'GlobalNamespace',
  metadata: { name: 'shop' },
  spec: { domain: 'shop.gns.internal' },
};
const withSpec = (spec: Record<string, unknown>) => ({
  ...shop,
  spec: { ...shop.spec, ...spec },
});
const withMeta = (metadata: Record<string, unknown>) => ({
  ...shop,
  metadata: { ...shop.metadata, ...metadata },
});
const withNamespaces = (namespaces: unknown) =>
  withSpec({ members: [{ namespaces }] });

function problems(value: unknown) {
  const parsed = parseDefinition(value);
  if (parsed.ok) throw new Error(`accepted: ${JSON.stringify(value)}`);
  return parsed.problems;
}

describe('parseDefinition', () => {
  it('fills in every default', () => {
    expect(parseDefinition(shop)).toEqual({
      ok: true,
      warnings: [],
      definition: {
        ...shop,
        metadata: { name: 'shop', labels: {} },
        spec: {
          domain: 'shop.gns.internal',
          publicDomain: false,
          members: [],
          mtls: 'strict',
          authority: { mode: 'mesh', trustDomain: 'mesh', leafTtl: '1h' },
          hostnames: [],
        },
      },
    });
    expect(parseDefinition(withNamespaces({ names: ['a'] }))).toMatchObject({
      definition: {
        spec: {
          members: [{ clusters: { prefix: '' }, services: { prefix: '' } }],
        },
      },
    });
  });

  it('is stable: what it answers, it accepts unchanged', () => {
    const once = parseDefinition(
      withMeta({
        owner: 'Group:Shop',
        title: 'Laden — 店 👩‍💻'.normalize('NFC').replace(/\u200d/g, ''),
      }),
    );
    if (!once.ok) throw new Error(JSON.stringify(once.problems));
    expect(parseDefinition(once.definition)).toEqual(once);
    expect(once.definition.metadata.owner).toBe('group:default/shop');
  });

  it.each<
    [string, unknown, string, string, string | undefined, RegExp, RegExp]
  >([
    [
      'null',
      null,
      'not-an-object',
      '',
      'null',
      /is an object with/,
      /Send one/,
    ],
    ['a list', [], 'not-an-object', '', '[]', /is an object with/, /Send one/],
    [
      'another version',
      { ...shop, apiVersion: 'v2' },
      'unknown-version',
      'apiVersion',
      '"v2"',
      /not known/,
      /gns\.isthmus\.dev\/v1/,
    ],
    [
      'no version',
      { ...shop, apiVersion: undefined },
      'unknown-version',
      'apiVersion',
      undefined,
      /not known/,
      /gns\.isthmus\.dev\/v1/,
    ],
    [
      'an unknown kind',
      { ...shop, kind: 'Gns' },
      'unknown-kind',
      'kind',
      '"Gns"',
      /not known/,
      /Supported today: GlobalNamespace/,
    ],
    [
      'a kind from Object',
      { ...shop, kind: 'constructor' },
      'unknown-kind',
      'kind',
      '"constructor"',
      /not known/,
      /Supported/,
    ],
    [
      'an unknown field',
      { ...shop, status: {} },
      'unknown-field',
      'status',
      '{}',
      /not known/,
      /Remove it/,
    ],
    [
      'an unknown field below',
      withSpec({ domains: 1 }),
      'unknown-field',
      'spec.domains',
      '1',
      /not known/,
      /spelling/,
    ],
    [
      'a field named to hide',
      { ...shop, 'a\u202eb': 1 },
      'unknown-field',
      '["a\\u202eb"]',
      '1',
      /not known/,
      /Remove/,
    ],
    [
      'no metadata',
      { ...shop, metadata: undefined },
      'missing-field',
      'metadata',
      undefined,
      /missing/,
      /Add it: an object/,
    ],
    [
      'an empty spec',
      { ...shop, spec: null },
      'invalid-type',
      'spec',
      'null',
      /is empty/,
      /Write an object/,
    ],
    [
      'no name',
      withMeta({ name: undefined }),
      'missing-field',
      'metadata.name',
      undefined,
      /missing/,
      /Add it: a text/,
    ],
    [
      'a name in capitals',
      withMeta({ name: 'Shop' }),
      'invalid-format',
      'metadata.name',
      '"Shop"',
      /is no name/,
      /Use a-z, 0-9/,
    ],
    [
      'a name with a newline',
      withMeta({ name: 'shop\n' }),
      'invalid-format',
      'metadata.name',
      '"shop\\n"',
      /is no name/,
      /Use a-z/,
    ],
    [
      'a number as name',
      withMeta({ name: 7 }),
      'invalid-type',
      'metadata.name',
      '7',
      /is a number/,
      /Write a text/,
    ],
    [
      'a foreign gns',
      withMeta({ gns: 'x' }),
      'unknown-field',
      'metadata.gns',
      '"x"',
      /not known/,
      /Remove it/,
    ],
    [
      'a long title',
      withMeta({ title: 'x'.repeat(121) }),
      'too-big',
      'metadata.title',
      `"${'x'.repeat(121)}"`,
      /has 121 characters/,
      /at most 120/,
    ],
    [
      'bidirectional text',
      withMeta({ title: 'a\u202eb' }),
      'custom',
      'metadata.title',
      '"a\\u202eb"',
      /invisible characters/,
      /Remove them/,
    ],
    [
      'a zero-width title',
      withMeta({ title: 'a\u200bb' }),
      'custom',
      'metadata.title',
      '"a\\u200bb"',
      /invisible/,
      /Remove/,
    ],
    [
      'a tag character',
      withMeta({ title: 'a\u{e0041}' }),
      'custom',
      'metadata.title',
      '"a\\udb40\\udc41"',
      /invisible/,
      /Remove/,
    ],
    [
      'a NUL',
      withMeta({ description: 'a\u0000' }),
      'custom',
      'metadata.description',
      '"a\\u0000"',
      /control/,
      /Remove/,
    ],
    [
      'a lone surrogate',
      withMeta({ title: 'a\ud800' }),
      'custom',
      'metadata.title',
      '"a\\ud800"',
      /invisible/,
      /Remove/,
    ],
    [
      'decomposed letters',
      withMeta({ title: 'e\u0301' }),
      'custom',
      'metadata.title',
      '"e\u0301"',
      /normal form C/,
      /one character/,
    ],
    [
      'an owner without kind',
      withMeta({ owner: 'shop' }),
      'invalid-format',
      'metadata.owner',
      '"shop"',
      /is no owner/,
      /Write group:/,
    ],
    [
      'a label key',
      withMeta({ labels: { 'a b': 'c' } }),
      'invalid-key',
      'metadata.labels["a b"]',
      '"a b"',
      /key is no label key/,
      /Use letters/,
    ],
    [
      'a label value',
      withMeta({ labels: { a: 'b c' } }),
      'invalid-format',
      'metadata.labels.a',
      '"b c"',
      /no label value/,
      /Use letters/,
    ],
    [
      'labels as a list',
      withMeta({ labels: [] }),
      'invalid-type',
      'metadata.labels',
      '[]',
      /is a list/,
      /names and values/,
    ],
    [
      'no domain',
      withSpec({ domain: undefined }),
      'missing-field',
      'spec.domain',
      undefined,
      /missing/,
      /Add it: a text/,
    ],
    [
      'a domain in capitals',
      withSpec({ domain: 'Shop.x' }),
      'custom',
      'spec.domain',
      '"Shop.x"',
      /no DNS domain/,
      /at least two lower-case labels/,
    ],
    [
      'one label',
      withSpec({ domain: 'shop' }),
      'custom',
      'spec.domain',
      '"shop"',
      /no DNS domain/,
      /two/,
    ],
    [
      'a final dot',
      withSpec({ domain: 'a.b.' }),
      'custom',
      'spec.domain',
      '"a.b."',
      /no DNS domain/,
      /two/,
    ],
    [
      'an address',
      withSpec({ domain: '10.0.0.1' }),
      'custom',
      'spec.domain',
      '"10.0.0.1"',
      /no DNS domain/,
      /not a number/,
    ],
    [
      'a domain beyond ASCII',
      withSpec({ domain: 'bücher.example' }),
      'custom',
      'spec.domain',
      '"bücher.example"',
      /no DNS domain/,
      /a-z/,
    ],
    [
      'a domain of 190',
      withSpec({ domain: `${'a.'.repeat(93)}abcd` }),
      'too-big',
      'spec.domain',
      expect.any(String) as string,
      /too long/,
      /at most 189/,
    ],
    [
      "Kubernetes' own domain",
      withSpec({ domain: 'svc.cluster.local' }),
      'domain-reserved',
      'spec.domain',
      '"svc.cluster.local"',
      /lies in cluster\.local/,
      /shop\.gns\.internal/,
    ],
    [
      'localhost',
      withSpec({ domain: 'a.localhost' }),
      'domain-reserved',
      'spec.domain',
      '"a.localhost"',
      /localhost/,
      /Choose/,
    ],
    [
      'reverse look-ups',
      withSpec({ domain: '10.in-addr.arpa' }),
      'domain-reserved',
      'spec.domain',
      '"10.in-addr.arpa"',
      /arpa/,
      /Choose/,
    ],
    [
      'mtls in capitals',
      withSpec({ mtls: 'Strict' }),
      'invalid-value',
      'spec.mtls',
      '"Strict"',
      /not known here/,
      /Write "strict" or "permissive"/,
    ],
    [
      'a text as switch',
      withSpec({ publicDomain: 'yes' }),
      'invalid-type',
      'spec.publicDomain',
      '"yes"',
      /is a text/,
      /true or false/,
    ],
    [
      'a trust domain without authority',
      withSpec({ authority: { trustDomain: 'own' } }),
      'trust-domain-needs-own-authority',
      'spec.authority.trustDomain',
      '"own"',
      /needs/,
      /trustDomain: mesh/,
    ],
    [
      'days as life time',
      withSpec({ authority: { leafTtl: '1d' } }),
      'invalid-format',
      'spec.authority.leafTtl',
      '"1d"',
      /no life time/,
      /30m or 1h/,
    ],
    [
      'a life time too short',
      withSpec({ authority: { leafTtl: '9m' } }),
      'custom',
      'spec.authority.leafTtl',
      '"9m"',
      /out of range/,
      /10m to 24h/,
    ],
    [
      'a host label with a dot',
      withSpec({
        hostnames: [{ namespace: 'a', service: 'b', hostname: 'c.d' }],
      }),
      'invalid-format',
      'spec.hostnames[0].hostname',
      '"c.d"',
      /no host label/,
      /no dot/,
    ],
    [
      'a host name twice',
      withSpec({
        hostnames: [
          { namespace: 'a', service: 'b', hostname: 'c' },
          { namespace: 'a', service: 'b', hostname: 'd' },
        ],
      }),
      'hostname-twice',
      'spec.hostnames[1]',
      '{"namespace":"a","service":"b","hostname":"d"}',
      /already/,
      /Remove one/,
    ],
    [
      'members as an object',
      withSpec({ members: {} }),
      'invalid-type',
      'spec.members',
      '{}',
      /is an object/,
      /Write a list/,
    ],
    [
      'too many members',
      withSpec({ members: Array(201).fill({ namespaces: { prefix: '' } }) }),
      'too-big',
      'spec.members',
      expect.any(String) as string,
      /has 201 entries/,
      /at most 200/,
    ],
    [
      'a member without namespaces',
      withSpec({ members: [{}] }),
      'missing-field',
      'spec.members[0].namespaces',
      undefined,
      /missing/,
      /\{ names: \[a, b\] \}/,
    ],
    [
      'a matcher of nothing',
      withNamespaces({}),
      'matcher-shape',
      'spec.members[0].namespaces',
      '{}',
      /exactly one of/,
      /\{ prefix: a- \}/,
    ],
    [
      'two ways at once',
      withNamespaces({ names: ['a'], prefix: 'b' }),
      'matcher-shape',
      'spec.members[0].namespaces',
      '{"names":["a"],"prefix":"b"}',
      /exactly one/,
      /Write/,
    ],
    [
      'a way that is none',
      withNamespaces({ regex: '.*' }),
      'matcher-shape',
      'spec.members[0].namespaces',
      '{"regex":".*"}',
      /exactly one/,
      /Write/,
    ],
    [
      'a list as matcher',
      withNamespaces(['a']),
      'matcher-shape',
      'spec.members[0].namespaces',
      '["a"]',
      /exactly one/,
      /Write/,
    ],
    [
      'no names',
      withNamespaces({ names: [] }),
      'too-small',
      'spec.members[0].namespaces.names',
      '[]',
      /names nothing/,
      /Name at least one/,
    ],
    [
      'a bad name',
      withNamespaces({ names: ['ok', 'A'] }),
      'invalid-format',
      'spec.members[0].namespaces.names[1]',
      '"A"',
      /no Kubernetes name/,
      /Use a-z/,
    ],
    [
      'names as text',
      withNamespaces({ names: 'a' }),
      'invalid-type',
      'spec.members[0].namespaces.names',
      '"a"',
      /is a text/,
      /Write a list/,
    ],
    [
      'a bad prefix',
      withNamespaces({ prefix: 'A_' }),
      'invalid-format',
      'spec.members[0].namespaces.prefix',
      '"A_"',
      /no beginning/,
      /Use a-z/,
    ],
    [
      'an empty prefix value',
      withNamespaces({ prefix: null }),
      'invalid-type',
      'spec.members[0].namespaces.prefix',
      'null',
      /is empty/,
      /Write a text/,
    ],
    [
      'no labels',
      withNamespaces({ labels: {} }),
      'custom',
      'spec.members[0].namespaces.labels',
      '{}',
      /names no label/,
      /to match all/,
    ],
    [
      'a bad label key',
      withNamespaces({ labels: { '-a': 'x' } }),
      'invalid-key',
      'spec.members[0].namespaces.labels["-a"]',
      '"-a"',
      /key is no Kubernetes label key/,
      /domain\/name/,
    ],
    [
      'a number as label value',
      withNamespaces({ labels: { a: 5 } }),
      'invalid-type',
      'spec.members[0].namespaces.labels.a',
      '5',
      /is a number/,
      /Write a text/,
    ],
  ])(
    '%s is refused with path, value and remedy',
    (_what, value, code, path, shown, message, remedy) => {
      expect(problems(value)).toEqual([
        {
          severity: 'error',
          code,
          path,
          ...(shown === undefined ? {} : { value: shown }),
          message: expect.stringMatching(message),
          remedy: expect.stringMatching(remedy),
        },
      ]);
    },
  );

  it.each(PLANNED_KINDS)('%s is refused as not supported yet', kind => {
    expect(problems({ ...shop, kind })).toMatchObject([
      { code: 'not-supported-yet', path: 'kind' },
    ]);
  });

  it('names every problem of a document at once', () => {
    expect(
      problems({
        ...withSpec({ mtls: 'no', domain: 'x', extra: 1 }),
        metadata: { name: 'A' },
      }).map(p => p.path),
    ).toEqual(['metadata.name', 'spec.domain', 'spec.mtls', 'spec.extra']);
  });

  it('thousands of problems become fifty and their number', () => {
    const found = problems(withNamespaces({ names: Array(900).fill('A') }));
    expect(found).toHaveLength(51);
    expect(found[50]).toMatchObject({
      code: 'more-problems',
      message: '850 more problems are not listed.',
    });
  });

  it('values are shown shortened', () => {
    const [problem] = problems(withMeta({ title: '😀'.repeat(5000) }));
    expect(problem.value?.length).toBeLessThanOrEqual(201);
    expect(problem.value).not.toMatch(/[\ud800-\udbff]…/);
  });
});

describe('checkChange of GlobalNamespace', () => {
  const parse = (spec: Record<string, unknown>) => {
    const parsed = parseDefinition(withSpec(spec));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.definition;
  };
  const check = findKind('GlobalNamespace')!.checkChange!;

  it('the domain does not change once used', () => {
    expect(check(parse({}), parse({ domain: 'other.internal' }))).toMatchObject(
      [
        {
          severity: 'error',
          code: 'immutable',
          path: 'spec.domain',
          value: '"other.internal"',
          message: expect.stringContaining('shop.gns.internal'),
        },
      ],
    );
  });

  it('everything else may', () => {
    expect(
      check(
        parse({}),
        parse({
          mtls: 'permissive',
          members: [{ namespaces: { prefix: 'a' } }],
        }),
      ),
    ).toEqual([]);
  });
});
