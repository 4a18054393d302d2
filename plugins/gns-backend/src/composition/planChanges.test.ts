import { planSchema } from '@isthmus/plugin-gns-common';
import { compose } from './compose';
import { planChanges } from './planChanges';
import { clusterOf, gnsOf, inputOf } from './testFixtures';

const clusters = [
  clusterOf('a', 1, ['shop/web']),
  clusterOf('b', 2, ['data/db']),
];
const one = gnsOf('shop', {
  members: [{ clusters: { names: ['a'] }, namespaces: { names: ['shop'] } }],
});
const both = gnsOf('shop', {
  members: [{ namespaces: { names: ['shop', 'data'] } }],
});
const nothing = compose(inputOf([], clusters));
const before = compose(inputOf([one], clusters));
const after = compose(inputOf([both], clusters));

describe('planChanges', () => {
  it('says what joins, per cluster and in the shape of the contract', () => {
    const changes = planChanges(before, after);
    expect(
      changes.clusters.map(c => [
        c.cluster,
        c.objects.map(o => `${o.change} ${o.key.split('/')[2]}`),
      ]),
    ).toEqual([
      ['a', ['update AuthorizationPolicy']],
      [
        'b',
        [
          'create Gateway',
          'create ServiceEntry',
          'create ProxyConfig',
          'create AuthorizationPolicy',
          'create PeerAuthentication',
        ],
      ],
    ]);
    expect(() =>
      planSchema.shape.clusters.parse(changes.clusters),
    ).not.toThrow();
  });

  it('lists every object that a deletion takes away', () => {
    const changes = planChanges(after, nothing);
    const lost = changes.clusters.flatMap(c => c.objects);
    expect(lost).toHaveLength(
      [...after.clusters.values()].reduce((n, c) => n + c.objects.size, 0),
    );
    expect(lost.every(o => o.change === 'delete' && o.before)).toBe(true);
  });

  it('finds nothing between equal results', () => {
    const again = compose(inputOf([both], clusters));
    expect(planChanges(after, again)).toEqual({
      clusters: [],
      conditions: [],
    });
  });

  it('shows conditions that were not there before', () => {
    const without = clusterOf('b', 2, ['data/db'], {
      inventory: { gateways: [] },
    });
    const changes = planChanges(
      before,
      compose(inputOf([both], [clusters[0], without])),
    );
    expect(
      changes.clusters.find(c => c.cluster === 'b')!.conditions,
    ).toContainEqual(expect.objectContaining({ reason: 'NoGateway' }));
  });
});
