import { latencyPicture } from './latencyRows';

const latency = (ok: number[], failed = ok.map(() => 0)) => ({
  from: '2026-03-01T00:00:00Z',
  to: '2026-03-29T00:00:00Z',
  edgesMs: [10, 100, 1000],
  ok,
  failed,
});

describe('latencyPicture', () => {
  it('leaves out empty ends, and keeps a hole in the middle', () => {
    expect(latencyPicture(latency([0, 8, 0, 2])).rows).toEqual([
      { fromMs: 10, toMs: 100, ok: 8, failed: 0, share: 0.8 },
      { fromMs: 100, toMs: 1000, ok: 0, failed: 0, share: 0 },
      { fromMs: 1000, toMs: null, ok: 2, failed: 0, share: 0.2 },
    ]);
  });

  it('tells percentiles by the edge above them; above the last there is none', () => {
    expect(
      latencyPicture(latency([50, 44, 3, 0], [0, 0, 0, 3])).percentiles,
    ).toEqual([
      { percent: 50, withinMs: 10 },
      { percent: 90, withinMs: 100 },
      { percent: 95, withinMs: 1000 },
      { percent: 99, withinMs: null },
    ]);
  });

  it('of no request is empty', () => {
    expect(latencyPicture(latency([0, 0, 0, 0]))).toEqual({
      rows: [],
      total: 0,
      percentiles: [],
    });
  });
});
