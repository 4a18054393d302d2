import type {
  IdentityPhase,
  ReportedAuthority,
  WorkloadIdentity,
} from '@isthmus/plugin-gns-common';
import type { ClusterEvidence } from '../evidence';
import type { MemberRecord } from '../store/authorityRows';
import { linksOf } from '../transition/links';
import { nextMembers } from '../transition/nextMembers';
import { placeKey, type OutsideCallers, type Wait } from '../transition/types';

/** What a pod presents and trusts, as TLS sees it. */
interface Pod {
  readonly id: number;
  setUp: 'ca' | 'mesh';
  /** `mesh:<cluster id>` or `gns`. */
  leaf: string;
  trust: ReadonlySet<string>;
  /** Undefined: the controller forgot it, or never knew it. */
  held: WorkloadIdentity['held'][number] | undefined;
}

interface Place {
  readonly pods: Pod[];
  configured: boolean;
  phase: IdentityPhase | undefined;
  step: number;
}

interface ClusterState {
  readonly id: string;
  /** Mesh root; clusters may share one. */
  readonly meshRoot: string;
  readonly places: Map<string, Place>;
  epoch: number;
  ready: boolean;
  fresh: boolean;
  paused: boolean;
  report: ReportedAuthority | undefined;
}

const ROOT = 'ab'.repeat(20);

/**
 * Clusters, controllers and pods as far as identities go, to try out in which
 * order things may happen. Settings, reports, renewals and restarts arrive when the
 * test says so.
 */
export class World {
  readonly clusters = new Map<string, ClusterState>();
  members: readonly MemberRecord[] = [];
  waits: readonly Wait[] = [];
  /** Namespaces that the definition chooses. */
  chosen = new Set<string>();
  mode: 'dedicated' | 'mesh' = 'dedicated';
  epoch = 1;
  now = 1_000_000;
  paused = false;
  outside: OutsideCallers = { type: 'known', callers: [] };
  callersWaived = false;
  #ids = 0;
  #steps = 0;
  /** Roots of the meshes of all members, by the epoch of the bundle. */
  readonly #meshRoots = new Map<number, readonly string[]>([[1, []]]);

  addCluster(id: string, meshRoot: string, namespaces: string[]): void {
    this.clusters.set(id, {
      id,
      meshRoot,
      places: new Map(
        namespaces.map(n => [
          n,
          { pods: [], configured: false, phase: undefined, step: 0 },
        ]),
      ),
      epoch: 0,
      ready: true,
      fresh: true,
      paused: false,
      report: undefined,
    });
  }

  #place(key: string): { cluster: ClusterState; place: Place } {
    const [clusterId, namespace] = key.split('/');
    const cluster = this.clusters.get(clusterId)!;
    return { cluster, place: cluster.places.get(namespace)! };
  }

  places(): string[] {
    return [...this.clusters.values()].flatMap(c =>
      [...c.places.keys()].map(n => `${c.id}/${n}`),
    );
  }

  podsOf(key: string): readonly Pod[] {
    return this.#place(key).place.pods;
  }

  /** One more pod, set up as the namespace stands now. */
  startPod(key: string): void {
    const { cluster, place } = this.#place(key);
    this.#ids += 1;
    const pod: Pod = {
      id: this.#ids,
      setUp: place.configured ? 'ca' : 'mesh',
      leaf: `mesh:${cluster.meshRoot}`,
      trust: new Set([`mesh:${cluster.meshRoot}`]),
      held: undefined,
    };
    place.pods.push(pod);
    if (pod.setUp === 'ca') this.#issue(cluster, place, pod);
  }

  restartPod(key: string, index: number): void {
    const { place } = this.#place(key);
    if (place.pods.length === 0) return;
    place.pods.splice(index % place.pods.length, 1);
    this.startPod(key);
  }

  /** Its set-up is not the one that it would get now. */
  awaitsRestart(key: string, index: number): boolean {
    const { place } = this.#place(key);
    const pod = place.pods[index % Math.max(1, place.pods.length)];
    return Boolean(pod) && (pod.setUp === 'ca') !== place.configured;
  }

  /** The pod asks for a new leaf. */
  renewPod(key: string, index: number): void {
    const { cluster, place } = this.#place(key);
    if (place.pods.length === 0) return;
    const pod = place.pods[index % place.pods.length];
    if (pod.setUp === 'ca') this.#issue(cluster, place, pod);
  }

  #issue(cluster: ClusterState, place: Place, pod: Pod): void {
    const { phase } = place;
    if (!phase) {
      throw new Error(
        `A pod of ${cluster.id} asks for a leaf, and nobody issues one`,
      );
    }
    const own = phase === 'dual' || phase === 'isolate';
    pod.leaf = own ? 'gns' : `mesh:${cluster.meshRoot}`;
    pod.trust = new Set(
      phase === 'isolate'
        ? ['gns']
        : [
            'gns',
            `mesh:${cluster.meshRoot}`,
            ...(this.#meshRoots.get(cluster.epoch) ?? []),
          ],
    );
    pod.held = {
      phase,
      bundleEpoch: cluster.epoch,
      leafRoot: own ? ROOT : 'mesh',
      pods: 1,
    };
  }

  /** The controller restarted and lost what it knew of the pod. */
  forgetPod(key: string, index: number): void {
    const { place } = this.#place(key);
    if (place.pods.length === 0) return;
    place.pods[index % place.pods.length].held = undefined;
  }

  /** Settings and objects reach a cluster. */
  deliver(clusterId: string): void {
    const cluster = this.clusters.get(clusterId)!;
    cluster.epoch = this.epoch;
    for (const [namespace, place] of cluster.places) {
      const row = this.members.find(
        m => placeKey(m) === `${clusterId}/${namespace}`,
      );
      place.phase = row?.phase;
      place.step = row?.step ?? 0;
      place.configured = Boolean(row?.configured) && row?.phase !== 'release';
    }
  }

  /** What the controller sees now. */
  report(clusterId: string): void {
    const cluster = this.clusters.get(clusterId)!;
    const workloads: WorkloadIdentity[] = [];
    const namespaces: ReportedAuthority['namespaces'] = [];
    for (const [namespace, place] of cluster.places) {
      if (!place.phase) continue;
      namespaces.push({
        name: namespace,
        phase: place.phase,
        step: place.step,
        ready: cluster.ready,
      });
      const wantsCa = place.phase !== 'release';
      const waiting = place.pods.filter(p => (p.setUp === 'ca') !== wantsCa);
      const others = place.pods.filter(
        p => p.setUp === 'ca' && (p.setUp === 'ca') === wantsCa,
      );
      const groups = new Map<string, WorkloadIdentity['held'][number]>();
      for (const { held } of others) {
        if (!held) continue;
        const key = JSON.stringify(held);
        const known = groups.get(key);
        if (known) known.pods += 1;
        else groups.set(key, { ...held });
      }
      const counted = waiting.length + others.length;
      workloads.push({
        namespace,
        kind: 'Deployment',
        name: 'app',
        pods: counted,
        awaitingRestart: waiting.length,
        unknown: others.filter(p => !p.held).length,
        restarting: false,
        held: [...groups.values()],
      });
    }
    cluster.report = {
      bundleEpoch: cluster.epoch,
      bundleRoots: [ROOT],
      namespaces,
      workloads,
    };
  }

  /** The hub looks. */
  step(): void {
    this.now += 1000;
    const evidence = new Map<string, ClusterEvidence>(
      [...this.clusters.values()].map(c => [
        c.id,
        {
          id: c.id,
          name: c.id,
          fresh: c.fresh,
          paused: c.paused,
          report: c.report,
        },
      ]),
    );
    const { members, waits } = nextMembers({
      gns: 'shop',
      wanted: this.mode === 'dedicated' ? this.chosen : new Set(),
      members: this.members,
      taken: new Set(),
      closedBefore: new Set(),
      clusters: evidence,
      bundleEpoch: this.epoch,
      paused: this.paused,
      outside: this.outside,
      waivedCallers: new Set(),
      callersWaived: this.callersWaived,
      now: this.now,
      nextStep: () => {
        this.#steps += 1;
        return this.#steps;
      },
    });
    this.members = members;
    this.waits = waits;
    const roots = [
      ...new Set(
        members.map(m => `mesh:${this.clusters.get(m.clusterId)!.meshRoot}`),
      ),
    ].sort();
    if (String(roots) !== String(this.#meshRoots.get(this.epoch))) {
      this.epoch += 1;
      this.#meshRoots.set(this.epoch, roots);
    }
  }

  /** A new root of the global namespace comes into the bundle. */
  rotate(): void {
    this.#meshRoots.set(this.epoch + 1, this.#meshRoots.get(this.epoch) ?? []);
    this.epoch += 1;
  }

  phases(): Record<string, string> {
    return Object.fromEntries(this.members.map(m => [placeKey(m), m.phase]));
  }

  /** Everything happens that can, until nothing changes. */
  settle(): void {
    for (let round = 0; round < 12; round += 1) {
      for (const { id } of this.clusters.values()) {
        this.deliver(id);
        for (const key of this.places().filter(k => k.startsWith(`${id}/`))) {
          this.podsOf(key).forEach((pod, index) => {
            const { place } = this.#place(key);
            if ((pod.setUp === 'ca') !== place.configured) {
              this.restartPod(key, 0);
            } else this.renewPod(key, index);
          });
        }
        this.report(id);
      }
      this.step();
    }
  }

  /** Pairs of pods that rely on each other and cannot talk. */
  broken(): string[] {
    const links = linksOf(
      this.members.filter(m => this.chosen.has(placeKey(m))),
      this.chosen,
    );
    const all = this.places().flatMap(key =>
      this.podsOf(key).map(pod => ({ key, pod })),
    );
    return all.flatMap(a =>
      all.flatMap(b => {
        const sharedMesh =
          this.#place(a.key).cluster.meshRoot ===
          this.#place(b.key).cluster.meshRoot;
        const linked =
          this.chosen.has(a.key) &&
          this.chosen.has(b.key) &&
          links.linked.has(a.key) &&
          links.linked.has(b.key) &&
          (links.by === 'own' || sharedMesh);
        const able = a.pod.trust.has(b.pod.leaf) && b.pod.trust.has(a.pod.leaf);
        return (a.key === b.key || linked) && !able
          ? [`${a.key} (${a.pod.leaf}) - ${b.key} (${b.pod.leaf})`]
          : [];
      }),
    );
  }
}
