import * as fixtures from '../../../dev/authorityFixtures';
import { chainOf, endingsOf, lateAt, lifeBar } from './authorityView';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 20);
const at = (ms: number) => new Date(START + ms).toISOString();

describe('the chain', () => {
  it('stands as a tree: newest root first, each cluster below the root of its issuer', () => {
    const { roots, without, revoked } = chainOf(fixtures.rotating);
    expect(
      roots.map(one => ({
        number: one.number,
        state: one.root.state,
        vouchedBy: one.vouchedBy.map(v => v.number),
        issuers: one.issuers.map(
          i => `${i.cluster.cluster}${i.former ? ' (former)' : ''}`,
        ),
      })),
    ).toEqual([
      {
        number: 2,
        state: 'active',
        vouchedBy: [1],
        issuers: ['cloud-a', 'cloud-b'],
      },
      {
        number: 1,
        state: 'old',
        vouchedBy: [],
        issuers: ['cloud-b (former)', 'edge-1'],
      },
    ]);
    expect(without).toEqual([]);
    expect(revoked).toEqual([]);
  });

  it('names clusters without an issuer, and those whose root is revoked', () => {
    const [first, ...rest] = fixtures.authority.clusters;
    const chain = chainOf({
      ...fixtures.rotating,
      roots: fixtures.rotating.roots.map(root =>
        root.keyId === fixtures.FIRST_ROOT
          ? { ...root, state: 'revoked' }
          : root,
      ),
      clusters: [{ ...first, issuer: undefined }, ...rest],
    });
    expect(chain.roots.map(one => one.number)).toEqual([2]);
    expect(chain.revoked.map(one => one.number)).toEqual([1]);
    expect(chain.without.map(one => one.cluster)).toEqual([
      'cloud-a',
      'cloud-b',
      'edge-1',
    ]);
  });
});

describe('a life', () => {
  const life = { notBefore: at(0), notAfter: at(8 * DAY) };
  const marks = [
    { id: 'renew', at: at(4 * DAY) },
    { id: 'late', at: at(6 * DAY) },
  ];
  const bar = (now: number) => lifeBar(life, marks, START + now, 'late');

  it('is a bar with now and its thresholds', () => {
    expect(bar(2 * DAY)).toEqual({
      now: 0.25,
      state: 'young',
      marks: [
        { ...marks[0], part: 0.5, passed: false },
        { ...marks[1], part: 0.75, passed: false },
      ],
    });
  });

  it.each([
    [4 * DAY, 'due'],
    [6 * DAY, 'late'],
    [8 * DAY, 'over'],
    [9 * DAY, 'over'],
  ])('after %d ms is %s', (now, state) => {
    expect(bar(now).state).toBe(state);
    expect(bar(now).now).toBeLessThanOrEqual(1);
  });

  it('of no length is over, and divides by nothing', () => {
    const none = { notBefore: at(0), notAfter: at(0) };
    expect(lifeBar(none, [], START).state).toBe('over');
    expect(lifeBar(none, [], START).now).toBe(1);
  });

  it('of an issuer is late in its last quarter', () => {
    const issuer = fixtures.issuerOf('1', fixtures.FIRST_ROOT, life);
    expect(lateAt(issuer)).toBe(at(6 * DAY));
  });
});

it('what ends before long is named, soonest first', () => {
  expect(
    endingsOf(fixtures.authority, Date.now()).map(e => `${e.kind} ${e.name}`),
  ).toEqual(['issuer edge-1']);
  const later = Date.now() + 300 * DAY;
  expect(
    endingsOf(fixtures.authority, later).map(e => `${e.kind} ${e.name}`),
  ).toEqual(['issuer edge-1', 'issuer cloud-a', 'issuer cloud-b', 'root 1']);
});
