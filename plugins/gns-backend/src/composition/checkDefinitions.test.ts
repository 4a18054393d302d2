import { checkDefinitions } from './checkDefinitions';
import { clusterOf, gnsOf } from './testFixtures';

const a = clusterOf('a', 1, ['shop/web', 'blog/posts']);
const members = [{ namespaces: { names: ['shop'] } }];
const shop = gnsOf('shop', { members }, 1);

function problemsOf(
  definition: ReturnType<typeof gnsOf>,
  others = [shop],
  clusters = [a],
) {
  return checkDefinitions({
    definitions: [...others, definition],
    changed: new Set([definition.definition.metadata.name]),
    clusters,
  });
}

describe('checkDefinitions', () => {
  it('has nothing to say about a good definition', () => {
    expect(
      problemsOf(
        gnsOf('blog', { members: [{ namespaces: { names: ['blog'] } }] }, 2),
      ),
    ).toEqual([]);
  });

  it('refuses a namespace that another global namespace has, and names both', () => {
    expect(
      problemsOf(
        gnsOf('other', { members: [{ namespaces: { prefix: 's' } }] }, 2),
      ),
    ).toEqual([
      expect.objectContaining({
        severity: 'error',
        code: 'members-overlap',
        path: 'spec.members[0].namespaces',
        value: '{"prefix":"s"}',
        message: expect.stringMatching(/a\/shop .* in other and in shop/),
        definition: 'GlobalNamespace:other',
      }),
    ]);
  });

  it('refuses an older definition that reaches for the namespace of a newer one', () => {
    const newer = gnsOf(
      'blog',
      { members: [{ namespaces: { names: ['blog'] } }] },
      2,
    );
    const wide = gnsOf(
      'shop',
      { members: [{ namespaces: { prefix: '' } }] },
      1,
    );
    expect(problemsOf(wide, [newer]).map(p => p.code)).toEqual([
      'members-overlap',
    ]);
  });

  it('of two changed definitions that clash, tells the newer one', () => {
    const second = gnsOf('second', { members }, 2);
    expect(
      checkDefinitions({
        definitions: [second, shop],
        changed: new Set(['shop', 'second']),
        clusters: [a],
      }).map(p => p.definition),
    ).toEqual(['GlobalNamespace:second']);
  });

  it.each([
    ['shop.gns.example', 'domain-taken'],
    ['eu.shop.gns.example', 'domain-nested'],
    ['gns.example', 'domain-contains'],
  ])('refuses the domain %s beside shop.gns.example: %s', (domain, code) => {
    expect(problemsOf(gnsOf('other', { domain }, 2))).toContainEqual(
      expect.objectContaining({ severity: 'error', code, path: 'spec.domain' }),
    );
  });

  it.each([
    ['shop.example.com', true],
    ['shop.co.jp', true],
    ['gns.isthmus.dev', true],
    ['shop.corp.internal', false],
    ['shop.local', false],
    ['shop.gns.example', false],
    ['shop.test', false],
    ['shop.mesh', false],
  ])('%s ends in a public suffix: %s', (domain, isPublic) => {
    const codes = (publicDomain: boolean) =>
      problemsOf(gnsOf('x', { domain, publicDomain }), [])
        .filter(p => p.severity === 'error')
        .map(p => p.code);
    expect(codes(false)).toEqual(isPublic ? ['domain-public'] : []);
    expect(codes(true)).toEqual([]);
  });

  it('warns of matchers that match nothing, with their path', () => {
    const paths = (member: object, clusters = [a]) =>
      problemsOf(gnsOf('x', { members: [member] }), [], clusters).map(
        p => `${p.severity} ${p.path}`,
      );
    expect(
      paths({ clusters: { names: ['zz'] }, namespaces: { prefix: '' } }),
    ).toEqual(['warning spec.members[0].clusters']);
    expect(paths({ namespaces: { names: ['shop', 'shpo'] } })).toEqual([
      'warning spec.members[0].namespaces.names[1]',
    ]);
    expect(paths({ namespaces: { prefix: 'zz' } })).toEqual([
      'warning spec.members[0].namespaces',
    ]);
    expect(
      paths({ namespaces: { names: ['shop'] }, services: { prefix: 'zz' } }),
    ).toEqual(['warning spec.members[0].services']);
    expect(paths({ namespaces: { names: ['shop'] } }, [])).toEqual([
      'warning spec.members[0].clusters',
    ]);
  });

  it('does not call a namespace absent in a cluster that has not reported', () => {
    const silent = clusterOf('b', 2, [], {
      inventory: { marks: { ...a.inventory.marks, namespaces: 'never' } },
    });
    expect(
      problemsOf(
        gnsOf('x', { members: [{ namespaces: { names: ['nowhere'] } }] }),
        [],
        [a, silent],
      ),
    ).toEqual([]);
  });

  it('warns of host names for services that are none', () => {
    const hostnames = [
      { namespace: 'shop', service: 'web', hostname: 'front' },
      { namespace: 'blog', service: 'posts', hostname: 'posts-2' },
      { cluster: 'b', namespace: 'shop', service: 'web', hostname: 'x' },
    ];
    expect(
      problemsOf(gnsOf('x', { members, hostnames }), []).map(p => p.path),
    ).toEqual(['spec.hostnames[1]', 'spec.hostnames[2]']);
  });

  it('refuses the namespaces on which the cluster itself runs', () => {
    expect(
      problemsOf(
        gnsOf('x', { members: [{ namespaces: { names: ['istio-system'] } }] }),
        [],
      ),
    ).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        code: 'namespace-reserved',
        path: 'spec.members[0].namespaces.names[0]',
      }),
    );
  });
});
