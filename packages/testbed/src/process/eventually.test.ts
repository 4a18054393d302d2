import { eventually } from './eventually';

describe('eventually', () => {
  it('answers with the first look that is neither absent nor false', async () => {
    const seen = [undefined, false, 0];
    await expect(
      eventually(() => seen.shift(), { what: 'zero', intervalMs: 1 }),
    ).resolves.toBe(0);
  });

  it('names what was awaited and the last failure', async () => {
    await expect(
      eventually(
        () => {
          throw new Error('refused');
        },
        { what: 'the hub answers', timeoutMs: 20, intervalMs: 1 },
      ),
    ).rejects.toThrow('not seen within 20 ms: the hub answers: Error: refused');
  });
});
