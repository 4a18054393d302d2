import { planHash } from './planHash';

const loss = (key: string) => ({ clusterId: 'c', key, gns: 'shop' });

describe('planHash', () => {
  const plan = {
    definitions: [{ b: 1, a: 2 }],
    deletions: ['GlobalNamespace:pay'],
    losses: [loss('x'), loss('y')],
  };

  it('is the same for the same change, whatever the order', () => {
    expect(
      planHash({
        ...plan,
        definitions: [{ a: 2, b: 1 }],
        losses: [...plan.losses].reverse(),
      }),
    ).toBe(planHash(plan));
    expect(planHash(plan)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another for other definitions, deletions or losses', () => {
    const hashes = [
      plan,
      { ...plan, definitions: [] },
      { ...plan, deletions: [] },
      { ...plan, losses: [loss('x')] },
    ].map(planHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
