import fc from 'fast-check';
import { World } from '../__testUtils__/World';

/** Two clusters of one mesh root and one of another, with namespaces a and b. */
function newWorld(pods = 2): World {
  const world = new World();
  world.addCluster('eu', 'm1', ['a', 'b']);
  world.addCluster('us', 'm1', ['a', 'b']);
  world.addCluster('ap', 'm2', ['a']);
  for (const key of world.places()) {
    for (let i = 0; i < pods; i += 1) world.startPod(key);
  }
  return world;
}

function reasons(world: World): string[] {
  return [...new Set(world.waits.map(w => w.reason))].sort();
}

/** Reports of all clusters, then a look. */
function look(world: World): void {
  for (const id of world.clusters.keys()) {
    world.deliver(id);
    world.report(id);
  }
  world.step();
}

const all = (world: World, phase: string) =>
  Object.fromEntries(world.places().map(key => [key, phase]));

describe('the way in', () => {
  it('leads from adopt over dual to isolate, and closes each namespace at the last', () => {
    const world = newWorld();
    world.chosen = new Set(world.places());
    world.step();
    expect(world.phases()).toEqual(all(world, 'adopt'));
    world.settle();
    expect(world.phases()).toEqual(all(world, 'isolate'));
    expect(world.members.every(m => m.proven && m.closed)).toBe(true);
    expect(world.waits).toEqual([]);
  });

  it('waits for the last pod that was not restarted, and names its workload', () => {
    const world = newWorld(1);
    world.chosen = new Set(['eu/a', 'us/a']);
    world.step();
    look(world);
    look(world);
    expect(world.waits).toContainEqual({
      reason: 'podsAwaitRestart',
      clusterId: 'eu',
      namespace: 'a',
      workload: 'app',
      pods: 1,
    });
    world.restartPod('eu/a', 0);
    look(world);
    expect(world.phases()).toEqual({ 'eu/a': 'adopt', 'us/a': 'adopt' });
    expect(world.waits.map(w => w.clusterId)).toEqual(['us']);
    world.restartPod('us/a', 0);
    look(world);
    expect(world.phases()).toEqual({ 'eu/a': 'dual', 'us/a': 'dual' });
  });

  it('sends no pod to us before its cluster was ready, and does not take it back later', () => {
    const world = newWorld(1);
    world.chosen = new Set(['eu/a']);
    world.clusters.get('eu')!.ready = false;
    world.step();
    look(world);
    expect(world.members[0].configured).toBe(false);
    expect(reasons(world)).toEqual(['notReady']);
    world.clusters.get('eu')!.ready = true;
    look(world);
    expect(world.members[0].configured).toBe(true);
    world.clusters.get('eu')!.ready = false;
    look(world);
    expect(world.members[0].configured).toBe(true);
    expect(reasons(world)).toEqual(['notReady']);
  });

  it('waits while nothing is known of a pod', () => {
    const world = newWorld(1);
    world.chosen = new Set(['eu/a']);
    world.step();
    look(world);
    look(world);
    world.restartPod('eu/a', 0);
    world.forgetPod('eu/a', 0);
    look(world);
    expect(reasons(world)).toEqual(['podsUnknown']);
    world.renewPod('eu/a', 0);
    look(world);
    expect(world.phases()).toEqual({ 'eu/a': 'dual' });
  });

  it('waits while a pod holds a bundle that lacks a root of now', () => {
    const world = newWorld(1);
    world.chosen = new Set(['eu/a']);
    world.step();
    look(world);
    look(world);
    world.restartPod('eu/a', 0);
    world.rotate();
    look(world);
    expect(reasons(world)).toEqual(['bundleNotHeld']);
    world.renewPod('eu/a', 0);
    look(world);
    expect(world.phases()).toEqual({ 'eu/a': 'dual' });
  });

  it.each<[string, (world: World) => void, string]>([
    [
      'a cluster is silent',
      w => {
        w.clusters.get('us')!.fresh = false;
      },
      'clusterSilent',
    ],
    [
      'a cluster is paused',
      w => {
        w.clusters.get('us')!.paused = true;
      },
      'paused',
    ],
    [
      'a cluster has no CA of ours',
      w => {
        w.clusters.get('us')!.report = undefined;
      },
      'clusterWithoutCa',
    ],
    [
      'callers outside are not measured',
      w => {
        w.outside = { type: 'unknown', reason: '' };
      },
      'callersUnknown',
    ],
    [
      'a caller outside is left',
      w => {
        w.outside = {
          type: 'known',
          callers: [
            {
              cluster: 'eu',
              namespace: 'web',
              workload: 'old',
              calls: { clusterId: 'us', namespace: 'a' },
            },
          ],
        };
      },
      'outsideCallers',
    ],
    [
      'a person paused it',
      w => {
        w.paused = true;
      },
      'paused',
    ],
  ])('does not reach dual while %s', (_what, spoil, reason) => {
    const world = newWorld(1);
    world.chosen = new Set(['eu/a', 'us/a']);
    world.step();
    look(world);
    for (const key of ['eu/a', 'us/a']) world.restartPod(key, 0);
    for (const id of world.clusters.keys()) {
      world.deliver(id);
      for (const key of ['eu/a', 'us/a']) {
        if (key.startsWith(id)) world.restartPod(key, 0);
      }
      world.report(id);
    }
    spoil(world);
    world.step();
    expect(world.phases()).toEqual({ 'eu/a': 'adopt', 'us/a': 'adopt' });
    expect(reasons(world)).toContain(reason);
  });

  it('goes on when a person gave up the callers that nobody measures', () => {
    const world = newWorld(1);
    world.chosen = new Set(['eu/a']);
    world.outside = { type: 'unknown', reason: 'no telemetry' };
    world.settle();
    expect(world.phases()).toEqual({ 'eu/a': 'adopt' });
    world.callersWaived = true;
    world.settle();
    expect(world.phases()).toEqual({ 'eu/a': 'isolate' });
  });

  it('lets a newcomer prepare beside isolated members without touching these', () => {
    const world = newWorld(1);
    world.chosen = new Set(['eu/a', 'us/a']);
    world.settle();
    world.chosen.add('us/b');
    world.step();
    expect(world.phases()).toEqual({
      'eu/a': 'isolate',
      'us/a': 'isolate',
      'us/b': 'adopt',
    });
    expect(world.broken()).toEqual([]);
    world.settle();
    expect(world.phases()['us/b']).toBe('isolate');
  });
});

describe('the way out', () => {
  it('runs backwards until no pod has our set-up', () => {
    const world = newWorld();
    world.chosen = new Set(world.places());
    world.settle();
    world.chosen = new Set();
    const seen = new Set<string>();
    for (let i = 0; i < 40; i += 1) {
      world.step();
      expect(world.broken()).toEqual([]);
      Object.values(world.phases()).forEach(p => seen.add(p));
      for (const id of world.clusters.keys()) {
        world.deliver(id);
        for (const key of world.places().filter(k => k.startsWith(`${id}/`))) {
          world
            .podsOf(key)
            .forEach((_pod, index) => world.renewPod(key, index));
        }
        world.report(id);
      }
      if ([...seen].includes('release')) {
        for (const key of world.places()) world.restartPod(key, i);
      }
    }
    expect([...seen]).toEqual(['dual', 'adopt', 'release']);
    expect(world.members).toEqual([]);
    expect(
      world
        .places()
        .flatMap(k => world.podsOf(k))
        .every(p => p.setUp === 'mesh'),
    ).toBe(true);
  });

  it('is short for who never began', () => {
    const world = newWorld();
    world.clusters.get('eu')!.ready = false;
    world.chosen = new Set(['eu/a']);
    world.step();
    world.chosen = new Set();
    world.step();
    expect(world.members).toEqual([]);
  });

  it('turns round when the namespace comes back', () => {
    const world = newWorld();
    world.chosen = new Set(['eu/a']);
    world.settle();
    world.chosen = new Set();
    world.step();
    look(world);
    expect(world.phases()).toEqual({ 'eu/a': 'dual' });
    world.chosen = new Set(['eu/a']);
    world.settle();
    expect(world.phases()).toEqual({ 'eu/a': 'isolate' });
  });
});

describe('whatever happens in whatever order', () => {
  const places = ['eu/a', 'eu/b', 'us/a', 'us/b', 'ap/a'];
  const key = fc.constantFrom(...places);
  const cluster = fc.constantFrom('eu', 'us', 'ap');
  /** Which of the clusters and pods take part in a round: most do. */
  const some = <T>(list: readonly T[]) =>
    fc
      .array(fc.integer({ min: 0, max: 9 }), {
        minLength: list.length,
        maxLength: list.length,
      })
      .map(dice => list.filter((_item, i) => dice[i] < 7));
  const clusters = some(['eu', 'us', 'ap']);
  const pods = some(
    places.flatMap(k => [0, 1].map(index => ({ key: k, index }))),
  );
  const event = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({
        type: fc.constant('round' as const),
        deliver: clusters,
        before: pods,
        report: clusters,
        after: pods,
        restart: fc.boolean(),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constantFrom('start' as const, 'forget' as const),
        key,
        index: fc.nat({ max: 3 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constantFrom('want' as const, 'unwant' as const),
        key,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constantFrom(
          ...([
            'silent',
            'speak',
            'pause',
            'resume',
            'unready',
            'ready',
          ] as const),
        ),
        cluster,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constantFrom(...(['rotate', 'mode', 'settle'] as const)),
      }),
    },
  );
  type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

  /** Restarts pods that wait for it, lets the others ask for a leaf. */
  function act(
    world: World,
    chosen: readonly { key: string; index: number }[],
    restart: boolean,
  ): void {
    for (const { key: k, index } of chosen) {
      if (restart && world.awaitsRestart(k, index)) world.restartPod(k, index);
      else world.renewPod(k, index);
      expect(world.broken()).toEqual([]);
    }
  }

  function happen(world: World, e: Event): void {
    switch (e.type) {
      case 'round':
        e.deliver.forEach(id => world.deliver(id));
        act(world, e.before, e.restart);
        e.report.forEach(id => world.report(id));
        act(world, e.after, e.restart);
        world.step();
        break;
      case 'start':
        world.startPod(e.key);
        break;
      case 'forget':
        world.forgetPod(e.key, e.index);
        break;
      case 'want':
        world.chosen.add(e.key);
        break;
      case 'unwant':
        world.chosen.delete(e.key);
        break;
      case 'silent':
      case 'speak':
        world.clusters.get(e.cluster)!.fresh = e.type === 'speak';
        break;
      case 'pause':
      case 'resume':
        world.clusters.get(e.cluster)!.paused = e.type === 'pause';
        break;
      case 'unready':
      case 'ready':
        world.clusters.get(e.cluster)!.ready = e.type === 'ready';
        break;
      case 'rotate':
        world.rotate();
        break;
      case 'mode':
        world.mode = world.mode === 'mesh' ? 'dedicated' : 'mesh';
        break;
      default:
        world.settle();
    }
    expect(world.broken()).toEqual([]);
  }

  it('no member loses another, and in the end all arrive', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { minLength: 1 }),
        fc.array(event, { minLength: 10, maxLength: 60, size: 'max' }),
        (wanted, events) => {
          const world = newWorld(1);
          world.chosen = new Set(wanted);
          for (const e of events) {
            happen(world, e);
            for (const phase of Object.values(world.phases())) {
              seen.set(phase, (seen.get(phase) ?? 0) + 1);
            }
          }
          for (const c of world.clusters.values()) {
            c.fresh = true;
            c.paused = false;
            c.ready = true;
          }
          for (let i = 0; i < 3; i += 1) world.settle();
          expect(world.broken()).toEqual([]);
          expect(world.phases()).toEqual(
            world.mode === 'mesh'
              ? {}
              : Object.fromEntries([...world.chosen].map(k => [k, 'isolate'])),
          );
        },
      ),
      { numRuns: 200 },
    );
    // The rounds really lead everywhere.
    for (const phase of ['adopt', 'dual', 'isolate', 'release']) {
      expect(seen.get(phase)).toBeGreaterThan(100);
    }
  });
});
