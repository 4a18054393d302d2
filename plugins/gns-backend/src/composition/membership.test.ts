import { acceptedMembers, compose } from './compose';
import {
  clusterOf,
  gnsOf,
  inputOf,
  namespaceOf,
  objectNames,
  servedBy,
} from './testFixtures';
import { memberKey, type CompositionInput } from './types';

const states = (input: CompositionInput, gns = 'shop') =>
  compose(input)
    .globalNamespaces.get(gns)!
    .members.map(m => `${m.cluster}/${m.namespace} ${m.state}`);

describe('membership', () => {
  it('follows names, prefixes and labels of clusters and namespaces', () => {
    const gns = gnsOf('shop', {
      members: [
        { clusters: { prefix: 'eu-' }, namespaces: { names: ['shop'] } },
        {
          clusters: { labels: { tier: 'edge' } },
          namespaces: { labels: { team: 'shop' } },
        },
      ],
    });
    const edge = clusterOf('edge-1', 3, ['kiosk/till', 'other/x'], {
      labels: { tier: 'edge' },
      inventory: {
        namespaces: [
          namespaceOf('kiosk', { labels: { team: 'shop' } }),
          namespaceOf('other'),
        ],
      },
    });
    expect(
      states(
        inputOf(
          [gns],
          [
            clusterOf('eu-1', 1, ['shop/web', 'blog/web']),
            clusterOf('us-1', 2, ['shop/web']),
            edge,
          ],
        ),
      ),
    ).toEqual(['id-edge-1/kiosk member', 'id-eu-1/shop member']);
  });

  it('a leaving cluster is a member of nothing', () => {
    const gns = gnsOf('shop', { members: [{ namespaces: { prefix: '' } }] });
    const result = compose(
      inputOf(
        [gns],
        [
          clusterOf('a', 1, ['shop/web']),
          clusterOf('b', 2, ['shop/web'], { leaving: true }),
        ],
      ),
    );
    expect(objectNames(result, 'id-b')).toEqual([]);
    expect(result.clusters.get('id-b')!.members).toEqual({});
  });

  it('never takes the root namespace of the mesh, nor a name that is none', () => {
    const gns = gnsOf('shop', { members: [{ namespaces: { prefix: '' } }] });
    const a = clusterOf('a', 1, [
      'shop/web',
      'istio-system/istiod',
      'kube-system/dns',
      '..%2f/web',
    ]);
    expect(states(inputOf([gns], [a]))).toEqual(['id-a/shop member']);
  });

  it('a namespace keeps its first global namespace', () => {
    const first = gnsOf(
      'shop',
      { members: [{ namespaces: { prefix: '' } }] },
      1,
    );
    const second = gnsOf(
      'blog',
      { members: [{ namespaces: { names: ['shop'] } }] },
      2,
    );
    const input = inputOf([second, first], [clusterOf('a', 1, ['shop/web'])]);
    expect(states(input)).toEqual(['id-a/shop member']);
    expect(states(input, 'blog')).toEqual(['id-a/shop conflict']);
    expect(
      compose(input).globalNamespaces.get('blog')!.conditions,
    ).toContainEqual(
      expect.objectContaining({
        reason: 'NamespaceConflict',
        message: expect.stringContaining(
          'belongs to the global namespace shop',
        ),
      }),
    );
  });

  it('a member stays where it is when an older definition reaches for it', () => {
    const older = gnsOf(
      'shop',
      { members: [{ namespaces: { prefix: '' } }] },
      1,
    );
    const newer = gnsOf(
      'blog',
      { members: [{ namespaces: { names: ['posts'] } }] },
      2,
    );
    const input = inputOf([older, newer], [clusterOf('a', 1, ['posts/web'])], {
      acceptedMembers: new Set([memberKey('blog', 'id-a', 'posts')]),
    });
    expect(states(input, 'blog')).toEqual(['id-a/posts member']);
    expect(states(input)).toEqual(['id-a/posts conflict']);
  });
});

describe('approval of newcomers', () => {
  const byPrefix = gnsOf('shop', {
    members: [{ clusters: { prefix: '' }, namespaces: { names: ['shop'] } }],
  });
  const old = clusterOf('a', 1, ['shop/web']);
  const newcomer = clusterOf('b', 2, ['shop/web']);
  const before = compose(inputOf([byPrefix], [old]));
  const running = {
    served: servedBy(before),
    acceptedMembers: acceptedMembers(before),
  };
  const key = memberKey('shop', 'id-b', 'shop');

  it('one that would serve an existing host by prefix waits and is not rendered', () => {
    const result = compose(inputOf([byPrefix], [old, newcomer], running));
    expect(
      result.globalNamespaces.get('shop')!.members.map(m => m.state),
    ).toEqual(['member', 'awaitingApproval']);
    expect(objectNames(result, 'id-b')).toEqual([]);
    expect(result.globalNamespaces.get('shop')!.services[0]).toMatchObject({
      endpoints: [
        { cluster: 'id-a', published: true, awaitingApproval: false },
        { cluster: 'id-b', published: false, awaitingApproval: true },
      ],
      subjectAltNames: ['spiffe://cluster.local/ns/shop/sa/web'],
    });
  });

  it('is a member once approved, and stays out when refused', () => {
    const decided = (approved: string[], refused: string[]) =>
      states(
        inputOf([byPrefix], [old, newcomer], {
          ...running,
          approvals: {
            approved: new Set(approved),
            refused: new Set(refused),
          },
        }),
      )[1];
    expect(decided([key], [])).toBe('id-b/shop member');
    expect(decided([], [key])).toBe('id-b/shop refused');
  });

  it('needs no approval by exact names', () => {
    const exact = gnsOf('shop', {
      members: [
        { clusters: { names: ['a', 'b'] }, namespaces: { names: ['shop'] } },
      ],
    });
    expect(states(inputOf([exact], [old, newcomer], running))[1]).toBe(
      'id-b/shop member',
    );
  });

  it('needs no approval to serve a host that nobody serves', () => {
    expect(
      states(
        inputOf([byPrefix], [old, clusterOf('b', 2, ['shop/new'])], running),
      )[1],
    ).toBe('id-b/shop member');
  });

  it('the clusters of a fresh global namespace do not wait for each other', () => {
    const fresh = compose(inputOf([byPrefix], [old, newcomer]));
    // Only a has acknowledged yet.
    expect(
      states(
        inputOf([byPrefix], [old, newcomer], {
          served: running.served,
          acceptedMembers: acceptedMembers(fresh),
        }),
      ),
    ).toEqual(['id-a/shop member', 'id-b/shop member']);
  });
});
