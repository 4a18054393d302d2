import { ago, clusters } from '../../../dev/fixtures';
import { selectClusters, troubleOf } from './selectClusters';

const [a, b, edge, lab] = clusters;
const names = (
  choice: Partial<Parameters<typeof selectClusters>[1]>,
  among = clusters,
) =>
  selectClusters(among, {
    text: '',
    filter: 'all',
    order: 'name',
    ...choice,
  }).map(one => one.name);

describe('selectClusters', () => {
  it('finds by region, network, labels and version; every word must match', () => {
    expect(names({ text: 'BERLIN' })).toEqual(['edge-1']);
    expect(names({ text: 'net-cloud-b' })).toEqual(['cloud-b']);
    expect(names({ text: 'tier=prod eu-west' })).toEqual(['cloud-a']);
    expect(names({ text: 'tier=prod nowhere' })).toEqual([]);
  });

  it('filters by what needs a person, is silent, waits or is taken out', () => {
    expect(names({ filter: 'attention' })).toEqual(['cloud-b', 'edge-1']);
    expect(names({ filter: 'silent' })).toEqual(['edge-1']);
    expect(names({ filter: 'waiting' })).toEqual(['lab-1']);
    const some = [{ ...a, paused: true }, { ...b, drained: true }, lab];
    expect(names({ filter: 'paused' }, some)).toEqual(['cloud-a']);
    expect(names({ filter: 'drained' }, some)).toEqual(['cloud-b']);
    expect(
      names({ filter: 'disconnecting' }, [{ ...a, state: 'disconnecting' }]),
    ).toEqual(['cloud-a']);
  });

  it('a cluster paused from inside counts as paused', () => {
    expect(
      names({ filter: 'paused' }, [{ ...a, pausedLocally: ['shop'] }]),
    ).toEqual(['cloud-a']);
  });

  it('brings the worst first', () => {
    const silent = { ...a, freshness: 'unreachable' as const };
    expect(names({ order: 'worst' }, [lab, b, silent])).toEqual([
      'cloud-a',
      'cloud-b',
      'lab-1',
    ]);
  });

  it('brings first who was not heard of for the longest time', () => {
    expect(
      names({ order: 'lastSeen' }, [
        { ...a, lastSeenAt: ago(5) },
        { ...b, lastSeenAt: ago(500) },
        lab,
      ]),
    ).toEqual(['lab-1', 'cloud-b', 'cloud-a']);
  });

  it('orders versions as numbers', () => {
    expect(
      names({ order: 'version' }, [
        { ...a, istioVersions: ['1.31.0'] },
        { ...b, istioVersions: ['1.9.2'] },
      ]),
    ).toEqual(['cloud-b', 'cloud-a']);
  });
});

describe('troubleOf', () => {
  it('a token that ran out unused needs a person', () => {
    expect(troubleOf(lab)).toBe(1);
    expect(troubleOf({ ...lab, tokenExpiresAt: undefined })).toBe(2);
  });

  it('is nothing in a cluster that reports and reaches all', () => {
    expect(troubleOf(a)).toBe(0);
    expect(troubleOf(edge)).toBe(2);
  });
});
