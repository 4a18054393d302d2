import fc from 'fast-check';
import type { ReportedAuthority } from '@isthmus/plugin-gns-common';
import {
  rootIn,
  type RootRecord,
  type RootState,
} from '../store/authorityRows';
import {
  decideRotation,
  DROP_AFTER_MS,
  thresholdsOf,
  type RotationMove,
} from './decideRotation';
import {
  isUnused,
  measureRotation,
  type RotationCluster,
} from './measureRotation';
import { rotationAllowances } from './rotationSteps';

const DAY = 24 * 3600_000;
const YEAR = 365 * DAY;
const start = Date.parse('2026-01-01T00:00:00Z');
const [R1, R2] = ['1', '2'].map(c => c.repeat(40));

function rootOf(
  keyId: string,
  state: RootState,
  over: Partial<RootRecord> & { from?: number; life?: number } = {},
): RootRecord {
  const { from = start, life = YEAR, ...rest } = over;
  const iso = (at: number) => new Date(at).toISOString();
  return {
    keyId,
    gns: 'shop',
    state,
    certificate: `PEM of ${keyId}`,
    serial: '01',
    notBefore: iso(from),
    notAfter: iso(from + life),
    createdAt: iso(from),
    createdBy: 'hub',
    stateSince: iso(from),
    origin: 'made',
    byHand: false,
    protector: 'config',
    sealed: {
      version: 1,
      protector: 'config',
      keyId: 'k',
      wrappedKey: '',
      nonce: '',
      ciphertext: '',
      tag: '',
    },
    keyReference: undefined,
    ...rest,
  };
}

type Held = ReportedAuthority['workloads'][number]['held'][number];

/** A cluster with one workload. */
function clusterOf(
  name: string,
  over: {
    fresh?: boolean;
    epoch?: number;
    issuerRoot?: string;
    held?: Partial<Held>[];
    unknown?: number;
    ends?: Record<string, number>;
  } = {},
): RotationCluster {
  const {
    fresh = true,
    epoch = 2,
    issuerRoot = R1,
    held = [{}],
    unknown = 0,
  } = over;
  const groups = held.map(h => ({
    phase: 'isolate' as const,
    bundleEpoch: epoch,
    leafRoot: issuerRoot,
    pods: 2,
    ...h,
  }));
  return {
    namespaces: new Set(['shop']),
    issuersEnd: new Map(
      Object.entries(over.ends ?? { [issuerRoot]: start + YEAR }),
    ),
    evidence: {
      id: name,
      name,
      fresh,
      paused: false,
      report: {
        bundleEpoch: epoch,
        bundleRoots: [],
        issuer: {
          serial: '01',
          keyId: R1,
          rootKeyId: issuerRoot,
          notBefore: '',
          notAfter: '',
          certificate: '',
        },
        namespaces: [],
        workloads: [
          {
            namespace: 'shop',
            kind: 'Deployment',
            name: 'web',
            pods: groups.reduce((sum, g) => sum + g.pods, unknown),
            awaitingRestart: 0,
            unknown,
            restarting: false,
            held: groups,
          },
        ],
      },
    },
  };
}

function proofOf(clusters: RotationCluster[], now = start, active = R1) {
  return measureRotation({
    clusters,
    bundleEpoch: 2,
    activeKeyId: active,
    rootKeyIds: [R1, R2],
    now,
  });
}

describe('the automatic rotation', () => {
  const known = proofOf([clusterOf('eu')]);
  const unknown = proofOf([clusterOf('eu', { epoch: 1 })]);
  const at = (before: number) => start + YEAR - before;
  const decide = (
    roots: RootRecord[],
    now: number,
    proof = known,
    paused = false,
  ) => decideRotation({ roots, proof, paused, now });
  const active = rootOf(R1, 'active');
  const prepared = rootOf(R2, 'prepared', { from: at(30 * DAY) });

  it('prepares 30 days before the end, activates 7 days before, and not earlier', () => {
    expect(
      thresholdsOf({
        notBefore: active.notBefore!,
        notAfter: active.notAfter!,
      }),
    ).toEqual({
      prepareBefore: 30 * DAY,
      activateBefore: 7 * DAY,
      forceBefore: 3.5 * DAY,
    });
    expect(decide([active], at(30 * DAY) - 1)).toBeUndefined();
    expect(decide([active], at(30 * DAY))).toEqual({ type: 'prepare' });
    expect(decide([active, prepared], at(7 * DAY) - 1)).toBeUndefined();
    expect(decide([active, prepared], at(7 * DAY))).toEqual({
      type: 'activate',
      keyId: R2,
      forced: false,
    });
  });

  it('scales with short lives', () => {
    expect(
      thresholdsOf({
        notBefore: '2026-01-01T00:00:00Z',
        notAfter: '2026-01-01T01:00:00Z',
      }),
    ).toEqual({
      prepareBefore: 30 * 60_000,
      activateBefore: 10 * 60_000,
      forceBefore: 5 * 60_000,
    });
  });

  it('waits for who does not know the next root, until the last moment', () => {
    expect(decide([active, prepared], at(7 * DAY), unknown)).toBeUndefined();
    expect(decide([active, prepared], at(3.5 * DAY), unknown)).toEqual({
      type: 'activate',
      keyId: R2,
      forced: true,
    });
  });

  it('retires the old root when nobody uses it, or a day after its end', () => {
    const roots = [
      rootOf(R1, 'old'),
      rootOf(R2, 'active', { from: at(30 * DAY) }),
    ];
    const moved = proofOf([clusterOf('eu', { issuerRoot: R2 })], start, R2);
    const half = proofOf(
      [clusterOf('eu', { issuerRoot: R2, held: [{}, { leafRoot: R1 }] })],
      start,
      R2,
    );
    const now = at(5 * DAY);
    expect(decide(roots, now, moved)).toEqual({
      type: 'retire',
      keyId: R1,
      reason: 'unused',
    });
    expect(decide(roots, now, half)).toBeUndefined();
    expect(decide(roots, start + YEAR + DROP_AFTER_MS, half)).toEqual({
      type: 'retire',
      keyId: R1,
      reason: 'expired',
    });
  });

  it('leaves to a person what a person began, but not the end of a life', () => {
    const byHand = [
      rootOf(R1, 'old'),
      rootOf(R2, 'active', { from: start + DAY, byHand: true }),
    ];
    const moved = proofOf([clusterOf('eu', { issuerRoot: R2 })], start, R2);
    expect(decide(byHand, start + 2 * DAY, moved)).toBeUndefined();
    expect(decide([rootOf(R1, 'active', { byHand: true })], at(DAY))).toEqual({
      type: 'prepare',
    });
  });

  it('does nothing while paused, without a root, or while a key is being made', () => {
    expect(decide([active], at(DAY), known, true)).toBeUndefined();
    expect(decide([rootOf(R1, 'revoked')], at(DAY))).toBeUndefined();
    expect(
      decide([active, rootOf(R2, 'pending')], at(20 * DAY)),
    ).toBeUndefined();
  });

  it('does not activate a root that ends sooner', () => {
    const short = rootOf(R2, 'prepared', { from: start, life: 10 * DAY });
    expect(decide([active, short], at(DAY))).toBeUndefined();
  });
});

describe('the measure of a rotation', () => {
  it('counts pods that hold, never those of which nothing is known', () => {
    const proof = proofOf([
      clusterOf('eu', {
        held: [{ pods: 3 }, { pods: 1, bundleEpoch: 1 }],
        unknown: 2,
      }),
      clusterOf('us', { held: [{ leafRoot: 'mesh', pods: 5 }] }),
    ]);
    expect(proof.bundlePods).toEqual({ pods: 11, meeting: 8 });
    expect(proof.leaves).toEqual({ pods: 6, meeting: 4 });
  });

  it('tells clusters that wait from those that are silent', () => {
    const proof = proofOf([
      clusterOf('eu'),
      clusterOf('us', { epoch: 1 }),
      clusterOf('ap', { fresh: false }),
    ]);
    expect(proof.bundleClusters).toEqual({
      clusters: 3,
      meeting: 1,
      waiting: ['us'],
      silent: ['ap'],
    });
  });

  it('takes a silent cluster for a user of the old root until its last issuer ended', () => {
    const end = start + 7 * DAY;
    const clusters = [
      clusterOf('eu', {
        issuerRoot: R2,
        ends: { [R1]: end, [R2]: start + YEAR },
      }),
      clusterOf('us', { fresh: false, ends: { [R1]: end } }),
    ];
    expect(proofOf(clusters, end - 1, R2).using.get(R1)).toEqual({
      pods: 2,
      clusters: ['us'],
    });
    expect(isUnused(proofOf(clusters, end - 1, R2), R1)).toBe(false);
    expect(isUnused(proofOf(clusters, end, R2), R1)).toBe(true);
  });

  it('of nobody is no obstacle', () => {
    const proof = proofOf([], start, R2);
    expect(isUnused(proof, R1)).toBe(true);
    expect(proof.bundleClusters).toEqual({
      clusters: 0,
      meeting: 0,
      waiting: [],
      silent: [],
    });
  });
});

describe('what a person may do', () => {
  const of = (
    roots: RootRecord[],
    proof = proofOf([clusterOf('eu')]),
    over: { paused?: boolean; hasCross?: boolean; now?: number } = {},
  ) => {
    const all = rotationAllowances({
      roots,
      proof,
      paused: false,
      hasCross: true,
      now: start,
      ...over,
    });
    return Object.fromEntries(
      Object.entries(all).map(([action, a]) => [action, a.state]),
    );
  };
  const unknown = proofOf([clusterOf('eu', { epoch: 1 })]);

  it('follows the state of the roots', () => {
    expect(of([rootOf(R1, 'active')])).toEqual({
      prepare: 'allowed',
      activate: 'impossible',
      retire: 'impossible',
      reverse: 'impossible',
      pause: 'allowed',
      resume: 'impossible',
    });
    expect(of([rootOf(R1, 'active'), rootOf(R2, 'prepared')])).toMatchObject({
      prepare: 'impossible',
      activate: 'allowed',
      reverse: 'allowed',
    });
    expect(
      of(
        [rootOf(R1, 'old'), rootOf(R2, 'active')],
        proofOf([clusterOf('eu', { issuerRoot: R2 })], start, R2),
      ),
    ).toMatchObject({
      prepare: 'allowed',
      retire: 'allowed',
      reverse: 'allowed',
    });
    expect(
      of([rootOf(R1, 'active')], undefined, { paused: true }),
    ).toMatchObject({
      prepare: 'impossible',
      pause: 'impossible',
      resume: 'allowed',
    });
  });

  it('says that something is unproven, and what would break', () => {
    const roots = [rootOf(R1, 'active'), rootOf(R2, 'prepared')];
    expect(of(roots, unknown)).toMatchObject({ activate: 'unproven' });
    expect(of(roots, unknown, { hasCross: false })).toMatchObject({
      activate: 'impossible',
    });
    const used = rotationAllowances({
      roots: [rootOf(R1, 'old'), rootOf(R2, 'active')],
      proof: proofOf(
        [
          clusterOf('eu', { issuerRoot: R1 }),
          clusterOf('us', { issuerRoot: R2 }),
        ],
        start,
        R2,
      ),
      paused: false,
      hasCross: true,
      now: start,
    });
    expect(used.retire).toEqual({
      state: 'unproven',
      message:
        'The old root is in use: 2 of 4 pods are not known to have a leaf under the active root, and eu may still issue under the old one. They would be refused.',
    });
  });

  it('cannot drop a prepared root that signed before, nor bring back one without a key', () => {
    const signed = proofOf([clusterOf('eu', { issuerRoot: R2 })], start, R1);
    expect(
      of([rootOf(R1, 'active'), rootOf(R2, 'prepared')], signed),
    ).toMatchObject({ reverse: 'impossible' });
    expect(
      of([rootOf(R1, 'old', { sealed: undefined }), rootOf(R2, 'active')]),
    ).toMatchObject({ reverse: 'impossible' });
    expect(
      of([rootOf(R1, 'old'), rootOf(R2, 'active')], undefined, {
        now: start + YEAR - 6 * DAY,
      }),
    ).toMatchObject({ reverse: 'impossible' });
  });
});

/** Roots and three clusters over the years; reports and issuers come when the test says so. */
class Years {
  now = start;
  roots = [rootOf('1'.padStart(40, '0'), 'active')];
  /** What a retirement must not have done. */
  readonly mistakes: string[] = [];
  #made = 1;
  #epoch = 1;
  readonly #clusters = [0, 1, 2].map(index => ({
    name: `c${index}`,
    epoch: 1,
    podEpoch: 1,
    issuerRoot: this.roots[0].keyId,
    leafRoot: this.roots[0].keyId,
    ends: new Map([[this.roots[0].keyId, start + 7 * DAY]]),
  }));

  get active() {
    return rootIn(this.roots, 'active')!;
  }

  /** Clusters that hear of the hub take what it gives; their pods are one step behind. */
  learn(which: readonly boolean[]): void {
    this.#clusters.forEach((cluster, i) => {
      if (!which[i]) return;
      const { keyId, notAfter } = this.active;
      cluster.podEpoch = cluster.epoch;
      cluster.leafRoot = cluster.issuerRoot;
      cluster.epoch = this.#epoch;
      cluster.issuerRoot = keyId;
      const end = Math.min(this.now + 7 * DAY, Date.parse(notAfter));
      cluster.ends.set(keyId, Math.max(end, cluster.ends.get(keyId) ?? 0));
    });
  }

  /** The hub looks until nothing is due. */
  look(fresh: readonly boolean[]): void {
    for (let steps = 0; steps < 10; steps += 1) {
      const proof = measureRotation({
        bundleEpoch: this.#epoch,
        activeKeyId: this.active.keyId,
        rootKeyIds: this.roots.map(r => r.keyId),
        now: this.now,
        clusters: this.#clusters.map((c, i) => ({
          ...clusterOf(c.name, {
            fresh: fresh[i],
            epoch: c.epoch,
            issuerRoot: c.issuerRoot,
            held: [{ leafRoot: c.leafRoot, bundleEpoch: c.podEpoch }],
          }),
          issuersEnd: c.ends,
        })),
      });
      const { roots, now } = this;
      const move = decideRotation({ roots, proof, paused: false, now });
      if (!move) return;
      this.#carryOut(move);
    }
    this.mistakes.push('it never came to rest');
  }

  #carryOut(move: RotationMove): void {
    switch (move.type) {
      case 'prepare':
        this.#made += 1;
        this.roots.push(
          rootOf(String(this.#made).padStart(40, '0'), 'prepared', {
            from: this.now,
          }),
        );
        this.#epoch += 1;
        break;
      case 'activate':
        this.#set(this.active.keyId, 'old');
        this.#set(move.keyId, 'active');
        break;
      default:
        this.#checkRetired(move.keyId);
        this.#set(move.keyId, 'revoked');
        this.#epoch += 1;
    }
  }

  #set(keyId: string, state: RootState): void {
    this.roots = this.roots.map(r => (r.keyId === keyId ? { ...r, state } : r));
  }

  #checkRetired(keyId: string): void {
    const root = this.roots.find(r => r.keyId === keyId)!;
    if (Date.parse(root.notAfter!) < this.now) return;
    for (const { name, leafRoot, ends } of this.#clusters) {
      if (leafRoot === keyId && ends.get(keyId)! > this.now) {
        this.mistakes.push(`${name} had valid leaves under ${keyId}`);
      }
    }
  }
}

describe('years of rotations', () => {
  const three = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });
  const round = fc.record({
    /** Until the hub looks again. */
    hours: fc.integer({ min: 1, max: 24 * 12 }),
    /** Which clusters report, and which of them took what is new. */
    fresh: three,
    learn: three,
  });

  it('always have one active root, never drop one in use, and never let one end in use', () => {
    fc.assert(
      fc.property(
        fc.array(round, { minLength: 60, maxLength: 160, size: 'max' }),
        rounds => {
          const years = new Years();
          for (const { hours, fresh, learn } of rounds) {
            years.now += hours * 3600_000;
            years.learn(learn.map((learns, i) => learns && fresh[i]));
            years.look(fresh);
            const of = (state: RootState) =>
              years.roots.filter(r => r.state === state);
            expect(of('active')).toHaveLength(1);
            expect(of('prepared').length).toBeLessThanOrEqual(1);
            expect(Date.parse(years.active.notAfter!)).toBeGreaterThan(
              years.now,
            );
          }
          expect(years.mistakes).toEqual([]);
        },
      ),
      { numRuns: 60, endOnFailure: true },
    );
  });
});
