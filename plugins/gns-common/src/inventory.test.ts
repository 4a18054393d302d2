import { inventorySchema, namespaceSchema } from './inventory';

describe('inventory of a hostile cluster', () => {
  const namespace = { labels: {}, injection: 'sidecar' };

  it.each(['shop', 'shop.web-1', 'a'.repeat(253)])('%s is a name', name => {
    expect(namespaceSchema.safeParse({ ...namespace, name }).success).toBe(
      true,
    );
  });

  it.each([
    '',
    'a/b',
    'eu-1/shop',
    '..',
    'A',
    'a\nb',
    'a_b',
    '-',
    '__proto__',
    'a'.repeat(254),
  ])('%j is refused: it could stand for another key', name => {
    expect(namespaceSchema.safeParse({ ...namespace, name }).success).toBe(
      false,
    );
  });

  it('an inventory part says whether it is all there is', () => {
    const part = { observedAt: '2026-11-01T10:00:00Z', items: [] };
    expect(inventorySchema.safeParse({ namespaces: part }).success).toBe(false);
    expect(
      inventorySchema.safeParse({ namespaces: { ...part, mark: 'complete' } })
        .success,
    ).toBe(true);
    expect(inventorySchema.parse({})).toEqual({});
  });
});
