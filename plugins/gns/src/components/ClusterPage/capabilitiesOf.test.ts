import { clusters } from '../../../dev/fixtures';
import { capabilitiesOf } from './capabilitiesOf';

const [a, b, edge, lab] = clusters;
const of = (...args: Parameters<typeof capabilitiesOf>) =>
  Object.fromEntries(
    capabilitiesOf(...args).map(({ name, state }) => [name, state]),
  );

describe('capabilitiesOf', () => {
  it('of a cluster that never came nothing is known', () => {
    expect(new Set(Object.values(of(lab, clusters)))).toEqual(
      new Set(['unknown']),
    );
  });

  it('counts who reaches it, and leaves out who did not measure', () => {
    expect(of(edge, clusters)).toMatchObject({
      report: 'no',
      serve: 'yes',
      reached: 'part',
      reaches: 'yes',
    });
    const reached = capabilitiesOf(edge, [
      { ...a, reachability: [] },
      b,
      edge,
      lab,
    ]).find(one => one.name === 'reached');
    expect(reached).toEqual({
      name: 'reached',
      state: 'no',
      count: { good: 0, of: 1 },
    });
  });

  it('a gateway that is not ready serves nobody', () => {
    const gateways = a.gateways.map(one => ({ ...one, ready: false }));
    expect(of({ ...a, gateways }, clusters).serve).toBe('no');
  });

  it('a root of its own is not shared', () => {
    expect(of({ ...a, rootHashes: ['other'] }, clusters).sharedRoot).toBe('no');
    expect(of({ ...a, rootHashes: [] }, clusters).sharedRoot).toBe('unknown');
  });

  it('a paused cluster applies nothing', () => {
    expect(of({ ...a, pausedLocally: ['*'] }, clusters).apply).toBe('no');
    expect(of({ ...a, pausedLocally: ['shop'] }, clusters).apply).toBe('yes');
  });
});
