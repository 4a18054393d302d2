import { DesiredDelta } from '@isthmus/plugin-gns-common';
import { Controller } from './Controller';
import { FakeHub, stateOf } from './__testUtils__/FakeHub';
import { MemberCluster } from './__testUtils__/MemberCluster';
import { serviceEntry, tombstone } from './__testUtils__/desiredObjects';
import { eventually } from './__testUtils__/eventually';
import { makeSigningKey } from './hub/keys';

jest.setTimeout(30_000);

const TOKEN = 'a-join-token-of-some-length';
const epoch = (n: number, term = 1) => ({ term, n });
const objects = (count: number) =>
  Array.from({ length: count }, (_, i) => serviceEntry(`s${i}`));

describe('deletion', () => {
  let cluster: MemberCluster;
  let hub: FakeHub;
  let controller: Controller;

  beforeEach(async () => {
    [cluster, hub] = await Promise.all([
      MemberCluster.start(),
      FakeHub.start(),
    ]);
    controller = await cluster.control({ hub: { url: hub.url }, token: TOKEN });
  });

  afterEach(async () => {
    await cluster.stop();
    await hub.stop();
  });

  const applied = (n: number) =>
    eventually(() => hub.lastReport?.appliedEpoch.n === n);

  it('happens by tombstone, and is confirmed', async () => {
    const [a, b] = objects(2);
    hub.publish({ epoch: epoch(1), objects: [a, b] });
    await applied(1);
    hub.publish({ epoch: epoch(2), objects: [a], tombstones: [tombstone(b)] });
    await applied(2);
    expect(cluster.entries).toEqual(['s0']);
    expect(hub.statusOf(b.key)?.state).toBe('deleted');
  });

  it('does not happen to an object that merely left the desired state', async () => {
    const [a, b] = objects(2);
    hub.publish({ epoch: epoch(1), objects: [a, b] });
    await applied(1);
    hub.publish({ epoch: epoch(2), objects: [a] });
    await applied(2);
    expect(cluster.entries).toEqual(['s0', 's1']);
    // It stays among what we own, so that the hub can tombstone it.
    await eventually(() => hub.lastReport?.owned?.some(o => o.key === b.key));
  });

  it('does not happen to an object without our labels', async () => {
    const [a] = objects(1);
    const foreign = cluster.server.seed(
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'ServiceEntry',
        metadata: { name: 's0', namespace: 'shop-web' },
        spec: { hosts: ['x.example'] },
      },
      'kubectl',
    );
    hub.publish({ epoch: epoch(1), objects: [], tombstones: [tombstone(a)] });
    await applied(1);
    expect(cluster.serviceEntry('s0')).toEqual(foreign);
    expect(hub.statusOf(a.key)?.state).toBe('refused');
  });

  it('of more than five objects and 20 % at once is refused without a plan', async () => {
    const all = objects(8);
    hub.publish({ epoch: epoch(1), objects: all });
    await applied(1);
    hub.publish({
      epoch: epoch(2),
      objects: all.slice(6),
      tombstones: all.slice(0, 6).map(o => tombstone(o)),
    });
    await applied(2);
    expect(cluster.entries).toHaveLength(8);
    expect(hub.statusOf(all[0].key)).toMatchObject({
      state: 'refused',
      message: expect.stringContaining('6 of 8'),
    });
    hub.publish({
      epoch: epoch(3),
      objects: all.slice(6),
      tombstones: all
        .slice(0, 6)
        .map(o => tombstone(o, { type: 'plan', hash: 'h' })),
    });
    await applied(3);
    expect(cluster.entries).toEqual(['s6', 's7']);
  });

  it('of a paused global namespace waits', async () => {
    const [a] = objects(1);
    hub.publish({ epoch: epoch(1), objects: [a] });
    await applied(1);
    hub.publish({
      epoch: epoch(2),
      objects: [],
      tombstones: [tombstone(a)],
      settings: { paused: ['*'] },
    });
    await applied(2);
    expect(cluster.entries).toEqual(['s0']);
    expect(hub.statusOf(a.key)?.state).toBe('paused');
    hub.publish({ epoch: epoch(3), objects: [], tombstones: [tombstone(a)] });
    await eventually(() => cluster.entries.length === 0);
  });

  describe('a hostile or broken answer', () => {
    const all = objects(3);
    const killAll = all.map(o => tombstone(o, { type: 'plan', hash: 'h' }));
    let deletes: { readonly n: number };

    beforeEach(async () => {
      hub.publish({ epoch: epoch(4), objects: all });
      await applied(4);
      hub.publish({ epoch: epoch(5), objects: all });
      await applied(5);
      deletes = cluster.count(
        r => r.verb === 'delete' && r.path.includes('istio.io'),
      );
    });

    /** Answers every poll so, until it was polled three times more. */
    async function answerWith(
      make: () => Promise<{ status: number; body?: unknown; raw?: Buffer }>,
    ) {
      const from = hub.polls;
      hub.hostile = make;
      hub.wake();
      await eventually(() => hub.polls > from + 3);
    }

    async function nothingHappened(reason: string) {
      await eventually(() =>
        hub.lastReport?.conditions.some(
          c => c.type === 'DesiredStateTaken' && c.reason === reason,
        ),
      );
      expect(deletes.n).toBe(0);
      expect(cluster.entries).toEqual(['s0', 's1', 's2']);
      expect(controller.highestEpoch).toEqual(epoch(5));
      // Drift is repaired all the same.
      cluster.server.unseed(cluster.serviceEntry('s1')!);
      await eventually(() => cluster.entries.length === 3);
    }

    const emptied = stateOf({
      epoch: epoch(6),
      objects: [],
      tombstones: killAll,
    });

    it('of another hub’s key changes nothing', async () => {
      await answerWith(async () => ({
        status: 200,
        body: await hub.sign(emptied, { key: makeSigningKey() }),
      }));
      await nothingHappened('BadSignature');
    });

    it('of another hub by name changes nothing', async () => {
      await answerWith(async () => ({
        status: 200,
        body: await hub.sign(emptied, { hub: 'hub-2' }),
      }));
      await nothingHappened('Foreign');
    });

    it('for another cluster changes nothing', async () => {
      await answerWith(async () => ({
        status: 200,
        body: await hub.sign(emptied, { cluster: 'cluster-2' }),
      }));
      await nothingHappened('Foreign');
    });

    it('of an older epoch (replayed, or from an old backup) changes nothing', async () => {
      await answerWith(async () => ({
        status: 200,
        body: await hub.sign(
          stateOf({ epoch: epoch(3), objects: [], tombstones: killAll }),
        ),
      }));
      await nothingHappened('Older');
    });

    it('with other contents under the same epoch changes nothing', async () => {
      await answerWith(async () => ({
        status: 200,
        body: await hub.sign(
          stateOf({ epoch: epoch(5), objects: [], tombstones: killAll }),
        ),
      }));
      await nothingHappened('Equivocal');
    });

    it('that lost objects on the way changes nothing, and the whole is asked for', async () => {
      const asked: string[] = [];
      const next = stateOf({ epoch: epoch(6), objects: all });
      hub.hostile = async after => {
        asked.push(`${after.term}.${after.n}`);
        const delta: DesiredDelta = await hub.sign(next);
        return { status: 200, body: { ...delta, upserts: [] } };
      };
      hub.wake();
      await eventually(() => asked.includes('0.0'));
      await nothingHappened('Cut');
    });

    it('with more tombstones than were signed changes nothing', async () => {
      const honest = await hub.sign(stateOf({ epoch: epoch(6), objects: all }));
      await answerWith(async () => ({
        status: 200,
        body: { ...honest, tombstones: killAll },
      }));
      await nothingHappened('Cut');
    });

    it.each([
      ['empty', Buffer.from('')],
      ['cut in the middle', Buffer.from('{"epoch":{"term":1,"n"')],
      ['an empty object', Buffer.from('{}')],
      ['HTML', Buffer.from('<html>login</html>')],
    ])('that is %s changes nothing', async (_, raw) => {
      await answerWith(async () => ({ status: 200, raw }));
      expect(deletes.n).toBe(0);
      expect(cluster.entries).toEqual(['s0', 's1', 's2']);
    });

    it.each([401, 404, 409, 500])(
      'of status %d changes nothing',
      async code => {
        await answerWith(async () => ({
          status: code,
          body: { error: { message: 'no' } },
        }));
        expect(deletes.n).toBe(0);
        expect(cluster.entries).toEqual(['s0', 's1', 's2']);
      },
    );

    it('that is a signed empty state of a newer epoch deletes nothing', async () => {
      hub.publish({ epoch: epoch(6), objects: [] });
      await applied(6);
      expect(deletes.n).toBe(0);
      expect(cluster.entries).toEqual(['s0', 's1', 's2']);
    });
  });
});
