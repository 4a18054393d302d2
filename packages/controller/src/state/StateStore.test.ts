import { MemberCluster } from '../__testUtils__/MemberCluster';
import { serviceEntry } from '../__testUtils__/desiredObjects';
import { stateOf } from '../__testUtils__/FakeHub';
import { silentLogger } from '../logging';
import { StateStore } from './StateStore';

const epoch = (n: number) => ({ term: 1, n });

/** The highest epoch with its signature. */
const seen = (n: number) => ({ epoch: epoch(n), proof: `signed.${n}` });

describe('StateStore', () => {
  let cluster: MemberCluster;
  const open = () =>
    StateStore.create({
      kube: cluster.api(),
      namespace: 'isthmus-system',
      logger: silentLogger,
    });
  const secrets = () =>
    cluster.server
      .readAll('v1', 'Secret', 'isthmus-system')
      .map(s => s.metadata.name);

  beforeEach(async () => {
    cluster = await MemberCluster.start();
  });

  afterEach(() => cluster.stop());

  it('has neither state nor identity at first', async () => {
    const store = open();
    expect(await store.loadIdentity()).toBeUndefined();
    expect(await store.loadState()).toEqual({
      highest: { epoch: { term: 0, n: 0 } },
      state: undefined,
    });
  });

  it('leaves no shard behind that is no longer in use', async () => {
    const store = open();
    await store.saveState(
      stateOf({ epoch: epoch(1), objects: [serviceEntry('a')] }),
      seen(1),
    );
    const { length } = secrets();
    await store.saveState(
      stateOf({ epoch: epoch(2), objects: [serviceEntry('b')] }),
      seen(2),
    );
    expect(secrets()).toHaveLength(length);
    const { state } = await open().loadState();
    expect([...state!.objects.keys()]).toEqual([serviceEntry('b').key]);
  });

  it.each([1, 2, 3])(
    'keeps the older state whole when a write is torn after %d requests',
    async after => {
      const older = stateOf({
        epoch: epoch(1),
        objects: [serviceEntry('a'), serviceEntry('c', {}, 'bank')],
      });
      await open().saveState(older, seen(1));
      const torn = open();
      let writes = 0;
      cluster.server.faults.failNext(100, 500, {
        match: ({ method }) => {
          if (method === 'GET') return false;
          writes += 1;
          return writes > after - 1;
        },
      });
      const newer = stateOf({
        epoch: epoch(2),
        objects: [serviceEntry('b'), serviceEntry('d', {}, 'bank')],
      });
      await expect(torn.saveState(newer, seen(2))).rejects.toThrow();
      cluster.server.faults.clear();
      expect((await open().loadState()).state).toEqual(older);
      await open().saveState(newer, seen(2));
      expect((await open().loadState()).state).toEqual(newer);
      expect(secrets()).toHaveLength(4);
    },
  );

  it('keeps the highest epoch when a shard was lost', async () => {
    await open().saveState(
      stateOf({ epoch: epoch(8), objects: [serviceEntry('a')] }),
      seen(8),
    );
    const shard = cluster.server
      .readAll('v1', 'Secret', 'isthmus-system')
      .find(s => s.metadata.labels?.['gns.isthmus.dev/state'] === 'shard')!;
    cluster.server.unseed(shard);
    expect(await open().loadState()).toEqual({
      highest: seen(8),
      state: undefined,
    });
  });

  it('makes its namespace when it may', async () => {
    const store = StateStore.create({
      kube: cluster.api(),
      namespace: 'elsewhere',
      logger: silentLogger,
    });
    await store.ensureNamespace();
    expect(
      cluster.server.read('v1', 'Namespace', '', 'elsewhere'),
    ).toBeDefined();
  });
});
