import { clusters } from '../../../dev/fixtures';
import { brokenWays, reach } from './reachability';

const [a, b] = clusters;

describe('reach', () => {
  it('a cluster is not measured against itself', () => {
    expect(reach(a, a.name)).toEqual({ state: 'itself' });
  });

  it('what no controller measured is unknown, not unreachable', () => {
    expect(reach(a, 'lab-1')).toEqual({ state: 'notMeasured' });
  });

  it('one gateway that answers is enough', () => {
    const [probe] = a.reachability;
    const from = {
      ...a,
      reachability: [
        { ...probe, reachable: false },
        { ...probe, address: '203.0.113.8', latencyMs: 40 },
        { ...probe, address: '203.0.113.9', latencyMs: 4 },
      ],
    };
    expect(reach(from, probe.cluster)).toMatchObject({
      state: 'reachable',
      probe: { latencyMs: 4 },
    });
  });

  it('keeps the reason of a failure', () => {
    expect(reach(b, 'edge-1')).toMatchObject({
      state: 'unreachable',
      probe: { error: expect.stringContaining('timed out') },
    });
  });
});

describe('brokenWays', () => {
  it('names who cannot reach whom, and not what nobody measured', () => {
    expect(brokenWays(clusters).map(way => [way.from.name, way.to])).toEqual([
      ['cloud-b', 'edge-1'],
    ]);
  });
});
