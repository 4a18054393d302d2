import { type Pieces, runInSlices, runNow } from './slices';

function* count(to: number): Pieces<number> {
  for (let i = 0; i < to; i += 1) yield;
  return to;
}

function* fail(): Pieces<number> {
  yield;
  throw new Error('broken');
}

describe('slices', () => {
  it('give the same as all at once', async () => {
    expect(runNow(count(50))).toBe(50);
    expect(await runInSlices(count(50), { budgetMs: 0 })).toBe(50);
  });

  it('pass on what goes wrong', async () => {
    await expect(runInSlices(fail())).rejects.toThrow('broken');
  });

  it('end when they are no longer wanted, also in the middle', async () => {
    const abort = new AbortController();
    let pauses = 0;
    const result = runInSlices(count(1000), {
      signal: abort.signal,
      budgetMs: 0,
      clock: {
        now: () => 0,
        later: run => {
          pauses += 1;
          if (pauses === 3) abort.abort();
          Promise.resolve().then(run);
        },
      },
    });
    expect(await result).toBeUndefined();
    expect(pauses).toBe(3);
  });
});
