import { matchesSchema, type Coverage } from '@isthmus/plugin-gns-common';
import { compose } from '../composition';
import {
  clusterOf,
  gnsOf,
  inputOf,
  namespaceOf,
} from '../composition/testFixtures';
import { findMatches, type MatchContext } from './findMatches';
import { editDistance, similarBeginnings, similarNames } from './similar';

const eu = clusterOf('eu-1', 1, ['shop-web/front', 'shop-api/stock']);
const us = clusterOf('us-1', 2, ['shop-api/stock', 'pay/ledger']);
const ok = (cluster: string, over: Partial<Coverage> = {}): Coverage => ({
  cluster,
  state: 'ok',
  simulated: false,
  ...over,
});

function matchesOf(entries: unknown[], over: Partial<MatchContext> = {}) {
  const answer = findMatches(entries, {
    gns: undefined,
    clusters: [eu, us],
    globalNamespaces: [],
    coverage: [ok('eu-1'), ok('us-1')],
    mayRead: () => true,
    ...over,
  });
  return matchesSchema.parse(answer);
}

/** As composed when `pay` has us-1/pay and `shop` has eu-1/shop-api. */
const composed = [
  ...compose(
    inputOf(
      [
        gnsOf('pay', { members: [{ namespaces: { names: ['pay'] } }] }),
        gnsOf(
          'shop',
          {
            members: [
              {
                clusters: { names: ['eu-1'] },
                namespaces: { names: ['shop-api'] },
              },
            ],
          },
          2,
        ),
      ],
      [eu, us],
    ),
  ).globalNamespaces.values(),
];

describe('findMatches', () => {
  it('lists what each entry chooses, and counts a namespace once in the total', () => {
    const { entries, totals } = matchesOf([
      { namespaces: { prefix: 'shop-' } },
      { clusters: { names: ['eu-1'] }, namespaces: { names: ['shop-api'] } },
    ]);
    expect(entries.map(e => e.text)).toEqual([
      'matches 3 namespaces in 2 clusters',
      'matches 1 namespace in 1 cluster',
    ]);
    expect(entries[0].namespaces[0]).toEqual({
      cluster: 'eu-1',
      namespace: 'shop-api',
      state: 'free',
      services: ['stock'],
      servicesTotal: 1,
      injection: 'sidecar',
      newcomer: false,
    });
    expect(totals).toEqual({
      clusters: 2,
      namespaces: 3,
      services: 3,
      taken: 0,
    });
  });

  it('says who has a namespace, and not to whom may not know', () => {
    const all = [{ namespaces: { prefix: '' } }];
    const states = (over: Partial<MatchContext>) =>
      matchesOf(all, {
        globalNamespaces: composed,
        ...over,
      }).entries[0].namespaces.map(n => [
        `${n.cluster}/${n.namespace}`,
        n.state,
        n.owner,
      ]);
    expect(states({ gns: 'shop' })).toEqual([
      ['eu-1/shop-api', 'own', undefined],
      ['eu-1/shop-web', 'free', undefined],
      ['us-1/pay', 'taken', 'pay'],
      ['us-1/shop-api', 'free', undefined],
    ]);
    expect(states({ mayRead: () => false })).toContainEqual([
      'us-1/pay',
      'taken',
      null,
    ]);
  });

  it('marks who would serve hosts that others serve, unless named exactly', () => {
    const newcomers = (entry: object) =>
      matchesOf([entry], { gns: 'shop', globalNamespaces: composed })
        .entries[0].namespaces.filter(n => n.newcomer)
        .map(n => `${n.cluster}/${n.namespace}`);
    expect(newcomers({ namespaces: { prefix: 'shop-' } })).toEqual([
      'us-1/shop-api',
    ]);
    expect(
      newcomers({
        clusters: { names: ['us-1'] },
        namespaces: { names: ['shop-api'] },
      }),
    ).toEqual([]);
  });

  it('answers an entry that cannot be read with its problems, and the others as they are', () => {
    const { entries } = matchesOf([
      { namespaces: { names: [] } },
      {},
      'x',
      { namespaces: { prefix: 'shop-' } },
    ]);
    expect(entries.map(e => e.problems.length > 0)).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(entries[0].problems[0]).toMatchObject({ path: 'namespaces.names' });
    expect(entries[3].namespacesTotal).toBe(3);
  });

  it('finds what was almost written', () => {
    const misses = (entry: object) =>
      matchesOf([entry]).entries[0].nearMisses.map(m => [
        m.subject,
        m.why,
        m.written,
        m.name,
        m.cluster,
      ]);
    expect(misses({ namespaces: { names: ['shop-wbe'] } })).toEqual([
      ['namespace', 'spelling', 'shop-wbe', 'shop-web', 'eu-1'],
    ]);
    expect(misses({ namespaces: { prefix: 'shp-' } })).toEqual([
      ['namespace', 'spelling', 'shp-', 'shop-api', 'eu-1'],
      ['namespace', 'spelling', 'shp-', 'shop-web', 'eu-1'],
    ]);
    expect(
      misses({
        clusters: { names: ['eu-2'] },
        namespaces: { names: ['shop-web'] },
      }),
    ).toEqual([
      ['cluster', 'spelling', 'eu-2', 'eu-1', undefined],
      ['namespace', 'otherCluster', 'shop-web', 'shop-web', 'eu-1'],
    ]);
    expect(
      misses({
        clusters: { names: ['us-1'] },
        namespaces: { names: ['shop-web', 'pay'] },
      }),
    ).toEqual([['namespace', 'otherCluster', 'shop-web', 'shop-web', 'eu-1']]);
    expect(
      misses({
        namespaces: { names: ['pay'] },
        services: { names: ['leger'] },
      }),
    ).toEqual([['service', 'spelling', 'leger', 'ledger', 'us-1']]);
    expect(misses({ namespaces: { prefix: 'shop-' } })).toEqual([]);
  });

  it('finds labels of another value', () => {
    const labelled = clusterOf('eu-1', 1, [], {
      inventory: {
        namespaces: [namespaceOf('a', { labels: { team: 'shop' } })],
      },
    });
    const { entries } = matchesOf(
      [{ namespaces: { labels: { team: 'Shop' } } }],
      { clusters: [labelled] },
    );
    expect(entries[0].nearMisses).toEqual([
      {
        subject: 'namespace',
        name: 'a',
        cluster: 'eu-1',
        why: 'label',
        written: 'team=Shop',
        text: 'The namespace a has team=shop, not team=Shop.',
      },
    ]);
  });

  it('names clusters that may have more than is known', () => {
    const blind = clusterOf('us-1', 2, [], {
      inventory: { marks: { ...us.inventory.marks, namespaces: 'partial' } },
    });
    const at = '2026-11-01T10:00:00.000Z';
    expect(
      matchesOf([], {
        clusters: [eu, blind],
        coverage: [
          ok('eu-1', { state: 'stale', dataAt: at }),
          ok('us-1', { dataAt: at }),
          ok('new'),
        ],
      }).uncertain,
    ).toEqual([
      { cluster: 'eu-1', why: 'silent', dataAt: at },
      { cluster: 'us-1', why: 'partial', dataAt: at },
      { cluster: 'new', why: 'neverReported', dataAt: null },
    ]);
  });

  it('is quick enough for each keystroke: 50 clusters, 10,000 namespaces', () => {
    const many = Array.from({ length: 50 }, (_, c) =>
      clusterOf(
        `c-${c}`,
        c,
        Array.from({ length: 200 }, (__, n) => `ns-${n}/svc`),
      ),
    );
    const began = performance.now();
    const { totals } = matchesOf(
      [{ namespaces: { prefix: 'ns-1' } }, { namespaces: { names: ['ns-x'] } }],
      { clusters: many, coverage: [] },
    );
    expect(totals.namespaces).toBe(50 * 111);
    // Some 60 ms on a quiet machine; a quadratic search would take minutes.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('similar names', () => {
  it('counts letters added, removed, replaced and swapped', () => {
    expect(editDistance('shop-wbe', 'shop-web', 2)).toBe(1);
    expect(editDistance('shop', 'shops', 2)).toBe(1);
    expect(editDistance('shop', 'ship', 2)).toBe(1);
    expect(editDistance('abc', 'xyz', 2)).toBeUndefined();
    expect(editDistance('', 'ab', 2)).toBe(2);
  });

  it('is stricter with short words, and puts the nearest first', () => {
    expect(similarNames('eu', ['us', 'eu1', 'eu'], 3)).toEqual(['eu1']);
    expect(
      similarNames('shop-web', ['shop-api', 'shop-wb', 'shop-wep'], 3),
    ).toEqual(['shop-wb', 'shop-wep']);
    expect(similarBeginnings('sh', ['shop'], 3)).toEqual([]);
    expect(similarBeginnings('shpo', ['shop-a', 'pay'], 3)).toEqual(['shop-a']);
  });
});
