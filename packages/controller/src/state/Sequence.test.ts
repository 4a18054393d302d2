import { Sequence } from './Sequence';

describe('report numbers', () => {
  it('are reserved before they are used, in blocks', async () => {
    const reserved: number[] = [];
    const sequence = new Sequence(0, async upTo => {
      reserved.push(upTo);
    });
    expect([await sequence.next(), await sequence.next()]).toEqual([1, 2]);
    expect(reserved).toEqual([10_000]);
  });

  it('go on above all that may have been used before a restart', async () => {
    const sequence = new Sequence(10_000, async () => {});
    expect(await sequence.next()).toBe(10_001);
  });

  it('are not used when they could not be reserved', async () => {
    let fails = true;
    const sequence = new Sequence(0, async () => {
      if (fails) throw new Error('API server down');
    });
    await expect(sequence.next()).rejects.toThrow('down');
    fails = false;
    expect(await sequence.next()).toBe(1);
  });

  it('leave a block out when the hub has seen higher ones', async () => {
    const sequence = new Sequence(0, async () => {});
    await sequence.next();
    await sequence.skip();
    expect(await sequence.next()).toBe(10_001);
  });
});
