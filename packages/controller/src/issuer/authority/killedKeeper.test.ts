import {
  createPrivateKey,
  createPublicKey,
  X509Certificate,
} from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthoritySettings } from '@isthmus/plugin-gns-common';
import { FakeAuthority } from '../../__testUtils__/FakeAuthority';
import type { KubeApi, KubeObject } from '../../kube/KubeApi';
import { silentLogger } from '../../logging';
import { contentOf, SecretStore } from '../../state/SecretStore';
import { systemClock } from '../../timing/Clock';
import { authoritySettings } from '../__testUtils__/authoritySettings';
import { makeAuthority } from '../__testUtils__/testIssuer';
import { IssuingView } from '../kept/IssuingView';
import {
  ISSUING_SECRET,
  issuerRecordSchema,
  issuerSecretName,
  SERVING_SECRET,
  unpack,
  type IssuerRecord,
} from '../kept/issuerRecord';
import { DEFAULT_SERVING_LIVES } from '../serving/nextServing';
import { AuthorityKeeper } from './AuthorityKeeper';
import { END_GRACE } from './nextIssuerStep';

const GNS = 'shop';
const NAMESPACE = 'isthmus-system';
const [A, B, MESH] = ['a', 'b', 'mesh'].map(name =>
  makeAuthority({ name, pathLength: 1 }),
);

/** Where a controller dies: at one of its calls to the outside, with or without the effect. */
interface Kill {
  at: number;
  effect: 'before' | 'after';
}

class Killed extends Error {}

/** An API server and a hub that outlive the controllers, which are killed. */
class World {
  readonly secrets = new Map<string, KubeObject>();
  readonly hub = new FakeAuthority();
  desired: Record<string, AuthoritySettings> = {};
  /** Calls to the outside that changed something there. */
  calls = 0;
  kills = 0;
  broken: string[] = [];
  #ahead = 0;
  #version = 0;
  #held = false;
  #keeper: AuthorityKeeper | undefined;
  #end = new AbortController();
  #ended: Promise<void> = Promise.resolve();
  readonly #plan: Kill[];

  constructor(plan: readonly Kill[] = []) {
    this.#plan = [...plan];
    this.hub.roots.set(GNS, A);
  }

  get record(): IssuerRecord | undefined {
    const secret = this.secrets.get(issuerSecretName(GNS));
    return secret && unpack(issuerRecordSchema, contentOf(secret)!);
  }

  pass(ms: number): void {
    this.#ahead += ms;
  }

  /** A new controller, which knows nothing but what is stored. */
  start(): void {
    const end = new AbortController();
    this.#end = end;
    let dead = false;
    const outside = async <T>(effect: () => T): Promise<T> => {
      if (dead) throw new Killed();
      const at = this.calls;
      this.calls += 1;
      const [kill] = this.#plan;
      const hit = kill?.at === at;
      if (hit) {
        this.#plan.shift();
        this.kills += 1;
        dead = true;
        if (kill.effect === 'after') effect();
        this.#check();
        end.abort();
        throw new Killed();
      }
      const result = effect();
      this.#check();
      return result;
    };
    const kube = {
      get: async (_: unknown, { name }: { name: string }) => {
        if (dead) throw new Killed();
        return this.secrets.get(name);
      },
      apply: (_: unknown, object: KubeObject) =>
        outside(() => this.#store(object)),
      delete: (_: unknown, { name }: { name: string }) =>
        outside(() => {
          this.secrets.delete(name);
          this.#held = false;
        }),
    } as unknown as KubeApi;
    const view = new IssuingView({ logger: silentLogger, onChange: () => {} });
    for (const secret of this.secrets.values()) view.upsert(secret);
    this.#keeper = AuthorityKeeper.create({
      kube,
      secrets: new SecretStore(kube, NAMESPACE),
      view,
      hub: {
        issuer: request =>
          outside(() => this.hub.answer(request).body as never),
      },
      clock: { ...systemClock, now: () => Date.now() + this.#ahead },
      intervals: {
        hubBackoff: { first: 1, max: 2 },
        objectBackoff: { first: 1, max: 2 },
      },
      logger: silentLogger,
      namespace: NAMESPACE,
      names: ['isthmus-controller.isthmus-system.svc'],
      lives: DEFAULT_SERVING_LIVES,
      desired: () => ({ cluster: 'eu', authorities: this.desired }),
      mesh: () => ({ meshTrustDomain: 'cluster.local', meshRoots: [MESH.pem] }),
      isPaused: () => false,
      mayWrite: () => true,
      onChange: () => {},
    });
    this.#ended = this.#keeper.run(end.signal);
  }

  /** Until `holds`; whoever is killed meanwhile is started anew. */
  async until(what: string, holds: () => boolean): Promise<void> {
    for (let turn = 0; !holds(); turn += 1) {
      if (turn > 5_000) throw new Error(`It never comes true: ${what}`);
      if (this.#end.signal.aborted) {
        await this.#ended;
        this.start();
      }
      this.#keeper!.refresh();
      await sleep(1);
    }
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#ended;
  }

  #store(object: KubeObject): KubeObject {
    const { name, resourceVersion } = object.metadata;
    const before = this.secrets.get(name)?.metadata.resourceVersion;
    if (resourceVersion !== undefined && resourceVersion !== before) {
      throw Object.assign(new Error('conflict'), { status: 409 });
    }
    this.#version += 1;
    const stored = {
      ...object,
      metadata: {
        ...object.metadata,
        uid: name,
        resourceVersion: String(this.#version),
      },
    };
    this.secrets.set(name, stored);
    return stored;
  }

  /** What holds after every single write, whoever died at it. */
  #check(): void {
    const { record } = this;
    const issuer = record?.issuer;
    if (this.#held && !issuer) this.broken.push('the issuer was lost');
    if (!issuer) return;
    this.#held = true;
    const own = createPublicKey(createPrivateKey(issuer.key));
    const certified = new X509Certificate(issuer.certificate).publicKey;
    if (!own.equals(certified)) {
      this.broken.push('the key is not the one of the certificate');
    }
    const trusted = record.settings.bundle.roots.map(r => r.keyId);
    if (!trusted.includes(issuer.rootKeyId)) {
      this.broken.push('the issuer is under a root that nobody trusts');
    }
  }
}

const settings = (
  epoch: number,
  roots: readonly (typeof A)[],
  signer: typeof A,
) => {
  const made = authoritySettings([signer], { web: 'isolate' });
  const bundle = authoritySettings(roots, {}).bundle;
  return { ...made, bundle: { ...bundle, epoch } };
};

/** A first issuer, a whole rotation of the root, and the end of it all. */
async function live(world: World): Promise<void> {
  const isHeld = (root: typeof A, epoch: number) => () => {
    const { record } = world;
    return (
      record?.issuer?.rootKeyId === root.keyId.toString('hex') &&
      record.settings.bundle.epoch === epoch &&
      record.next === undefined
    );
  };
  world.desired = { [GNS]: settings(1, [A], A) };
  world.start();
  await world.until('a first issuer', isHeld(A, 1));
  world.desired = { [GNS]: settings(2, [A, B], A) };
  await world.until('both roots are trusted', isHeld(A, 2));
  world.hub.roots.set(GNS, B);
  world.desired = { [GNS]: settings(2, [A, B], B) };
  await world.until('an issuer under the next root', isHeld(B, 2));
  world.desired = { [GNS]: settings(3, [B], B) };
  await world.until('the old root is gone', isHeld(B, 3));
  await world.until(
    'what all issuers share',
    () =>
      world.secrets.has(ISSUING_SECRET) && world.secrets.has(SERVING_SECRET),
  );
  expect([...world.secrets.keys()].sort()).toEqual(
    [ISSUING_SECRET, SERVING_SECRET, issuerSecretName(GNS)].sort(),
  );
  world.desired = {};
  await world.until('it ended', () => world.record?.endedAt !== undefined);
  world.pass(END_GRACE + 1);
  await world.until('the key is gone', () => world.record === undefined);
  await world.stop();
}

async function survives(plan: readonly Kill[]): Promise<number> {
  const world = new World(plan);
  await live(world);
  expect([plan, world.broken]).toEqual([plan, []]);
  // Whoever asked and died asked again with the same key: one issuer under each root.
  expect([plan, world.hub.issued.size]).toEqual([plan, 2]);
  return world.kills;
}

describe('a controller that is killed at its writes', () => {
  it('goes on where it was: one issuer, no orphan key, no lost certificate', async () => {
    const whole = new World();
    await live(whole);
    expect(whole.kills).toBe(0);
    const calls = whole.calls;
    expect(calls).toBeGreaterThan(8);
    let kills = 0;
    for (let at = 0; at < calls; at += 1) {
      for (const effect of ['before', 'after'] as const) {
        kills += await survives([{ at, effect }]);
        // And again at one of the next calls, of who took over.
        for (let later = 1; later <= 4; later += 1) {
          kills += await survives([
            { at, effect },
            { at: at + later, effect: later % 2 === 0 ? 'before' : 'after' },
          ]);
        }
      }
    }
    expect(kills).toBeGreaterThan(100);
  }, 120_000);
});
