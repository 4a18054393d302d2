import { MemberCluster, QUICK } from '../__testUtils__/MemberCluster';
import { eventually } from '../__testUtils__/eventually';
import { silentLogger } from '../logging';
import { systemClock } from '../timing/Clock';
import { READ_RESOURCES } from './resources';
import { Reflector } from './Reflector';

describe('a reflector', () => {
  let cluster: MemberCluster;
  const end = { controller: new AbortController() };

  beforeEach(async () => {
    cluster = await MemberCluster.start();
    end.controller = new AbortController();
  });

  afterEach(async () => {
    end.controller.abort();
    await cluster.stop();
  });

  const seedNode = (name: string) =>
    cluster.server.seed({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
    });

  function follow(intervals: Partial<typeof QUICK> = {}) {
    const seen = new Map<string, string>();
    const deletions: string[] = [];
    const states: boolean[] = [];
    const reflector = Reflector.create({
      kube: cluster.api(),
      resource: READ_RESOURCES.nodes,
      clock: systemClock,
      intervals: { ...QUICK, ...intervals },
      logger: silentLogger,
      handlers: {
        onUpsert: (object, how) => seen.set(object.metadata.name, how),
        onDelete: (key, how) => {
          seen.delete(key.slice(1));
          deletions.push(`${key.slice(1)} ${how}`);
        },
        onState: state => states.push(state.synced),
      },
    });
    const running = reflector.run(end.controller.signal);
    return { reflector, seen, deletions, states, running };
  }

  it('lists in pages, then follows', async () => {
    for (let i = 0; i < 1_001; i += 1) seedNode(`n${i}`);
    const lists = cluster.count(
      r => r.verb === 'list' && r.path.endsWith('/nodes'),
    );
    const { seen, reflector } = follow();
    await eventually(() => reflector.state.synced);
    expect(reflector.size).toBe(1_001);
    expect(lists.n).toBe(3);
    seedNode('late');
    await eventually(() => seen.get('late') === 'watch');
  });

  it('tells what a watch saw go from what was gone when it looked again', async () => {
    const a = seedNode('a');
    const b = seedNode('b');
    const { deletions, reflector } = follow({
      kubeBackoff: { first: 200, max: 400 },
    });
    await eventually(() => reflector.state.synced);
    await eventually(() => cluster.server.openWatches === 1);
    cluster.server.unseed(a);
    await eventually(() => deletions.length === 1);
    await cluster.server.restart();
    cluster.server.unseed(b);
    cluster.server.compact();
    await eventually(() => deletions.length === 2);
    expect(deletions).toEqual(['a watch', 'b list']);
  });

  it('lists anew now and then, in case an event was lost', async () => {
    const lists = cluster.count(
      r => r.verb === 'list' && r.path.endsWith('/nodes'),
    );
    follow({ relist: 200 });
    await eventually(() => lists.n >= 3);
  });

  it('stops when it is told to, with no watch left open', async () => {
    const { running, reflector } = follow();
    await eventually(() => reflector.state.synced);
    await eventually(() => cluster.server.openWatches === 1);
    end.controller.abort();
    await running;
    await eventually(() => cluster.server.openWatches === 0);
  });

  it('is not in step while the server refuses, and is again after', async () => {
    cluster.server.faults.failNext(3, 403, { message: 'no nodes for you' });
    const { states, reflector } = follow();
    await eventually(() => reflector.state.synced);
    expect(states).toEqual([false, true]);
  });
});
