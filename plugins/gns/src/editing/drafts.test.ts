import { type Draft, Drafts, type DraftStorage } from './drafts';

function memory(): DraftStorage & { kept: Map<string, unknown> } {
  const kept = new Map<string, unknown>();
  return {
    kept,
    snapshot: key => ({ presence: 'present', value: kept.get(key) }),
    set: async (key, value) => void kept.set(key, value),
    remove: async key => void kept.delete(key),
  };
}

const draft: Draft = {
  text: 'kind: GlobalNamespace # mine',
  base: { generation: 3, text: 'kind: GlobalNamespace' },
  savedAt: '2026-11-23T12:00:00.000Z',
};

describe('Drafts', () => {
  it('come back as they were', async () => {
    const storage = memory();
    await new Drafts(storage, 'user:default/ada').write('A:shop', draft);
    const later = new Drafts(storage, 'user:default/ada');
    expect(later.read('A:shop')).toEqual(draft);
    await later.forget('A:shop');
    expect(later.read('A:shop')).toBeUndefined();
  });

  it('are of one person', async () => {
    const storage = memory();
    await new Drafts(storage, 'user:default/ada').write('A:shop', draft);
    expect(
      new Drafts(storage, 'user:default/grace').read('A:shop'),
    ).toBeUndefined();
  });

  it('that nobody can read are none', async () => {
    const storage = memory();
    const drafts = new Drafts(storage, 'user:default/ada');
    await drafts.write('A:shop', draft);
    for (const key of storage.kept.keys()) {
      storage.kept.set(key, { ...draft, text: 7 });
    }
    expect(drafts.read('A:shop')).toBeUndefined();
  });
});
