import { mockApis } from '@backstage/frontend-test-utils';
import { type Draft, Drafts, type DraftStorage } from './drafts';

const draft: Draft = {
  text: 'kind: GlobalNamespace # mine',
  base: { generation: 3, text: 'kind: GlobalNamespace' },
  savedAt: '2026-11-23T12:00:00.000Z',
};

describe('Drafts', () => {
  it('come back as they were', async () => {
    const storage: DraftStorage = mockApis.storage();
    await new Drafts(storage, 'user:default/ada').write('A:shop', draft);
    const later = new Drafts(storage, 'user:default/ada');
    await expect(later.read('A:shop')).resolves.toEqual(draft);
    await later.forget('A:shop');
    await expect(later.read('A:shop')).resolves.toBeUndefined();
  });

  it('are of one person', async () => {
    const storage = mockApis.storage();
    await new Drafts(storage, 'user:default/ada').write('A:shop', draft);
    await expect(
      new Drafts(storage, 'user:default/grace').read('A:shop'),
    ).resolves.toBeUndefined();
  });

  it('that nobody can read are none', async () => {
    const storage = mockApis.storage();
    const drafts = new Drafts(storage, 'user:default/ada');
    await drafts.write('A:shop', { ...draft, text: 7 } as never);
    await expect(drafts.read('A:shop')).resolves.toBeUndefined();
  });

  it('wait for a storage that answers later', async () => {
    const storage = mockApis.storage();
    await new Drafts(storage, 'user:default/ada').write('A:shop', draft);
    const slow: DraftStorage = {
      set: storage.set.bind(storage),
      remove: storage.remove.bind(storage),
      snapshot: key => ({ key, presence: 'unknown', value: undefined }),
      observe$: key =>
        ({
          subscribe: (observer: {
            next: (snapshot: { presence: string; value?: unknown }) => void;
          }) => {
            observer.next({ presence: 'unknown', value: undefined });
            setTimeout(() => observer.next(storage.snapshot(key)), 20);
            return { unsubscribe: () => undefined };
          },
        } as never),
    };
    await expect(
      new Drafts(slow, 'user:default/ada').read('A:shop'),
    ).resolves.toEqual(draft);
  });
});
