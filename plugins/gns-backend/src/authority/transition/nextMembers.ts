import type { IdentityPhase } from '@isthmus/plugin-gns-common';
import { trustsBoth, type ClusterEvidence, type HeldGroup } from '../evidence';
import type { MemberRecord } from '../store/authorityRows';
import { waitOf, waitsOf, workloadsOf, type Demand } from './demands';
import {
  callerKey,
  placeKey,
  type Transition,
  type TransitionInput,
  type Wait,
} from './types';

interface Row {
  readonly key: string;
  readonly member: MemberRecord;
}

/** Waits for callers outside: the first leaf of the GNS cuts them. */
function callerWaits(
  { outside, waivedCallers, callersWaived }: TransitionInput,
  adopting: readonly Row[],
): Wait[] {
  if (adopting.length === 0) return [];
  if (outside.type === 'unknown') {
    return callersWaived ? [] : [{ reason: 'callersUnknown' }];
  }
  const called = new Set(adopting.map(r => r.key));
  const callers = new Map(
    outside.callers
      .filter(caller => called.has(placeKey(caller.calls)))
      .map(caller => [callerKey(caller), caller]),
  );
  return [...callers]
    .filter(([key]) => !waivedCallers.has(key))
    .map(([key, { calls }]) => ({
      reason: 'outsideCallers',
      ...calls,
      workload: key,
    }));
}

/** What pods may hold right after a member moved to this phase. */
function leavesAfter(
  { leaves }: MemberRecord,
  phase: IdentityPhase,
): MemberRecord['leaves'] {
  switch (phase) {
    case 'isolate':
      return 'own';
    case 'release':
      return 'mesh';
    default:
      // From isolate back to dual every leaf is still the GNS's; into adopt or dual from elsewhere the old ones are still about.
      return (phase === 'dual' && leaves === 'own') ||
        (phase === 'adopt' && leaves === 'mesh')
        ? leaves
        : 'both';
  }
}

/** Notes what is proven of the phase itself; in `isolate` that closes the namespace. */
function settled(
  member: MemberRecord,
  cluster: ClusterEvidence | undefined,
  input: TransitionInput,
): MemberRecord {
  const demands: Record<IdentityPhase, (group: HeldGroup) => boolean> = {
    adopt: group => trustsBoth(group, input.bundleEpoch),
    dual: group => group.leafRoot !== 'mesh',
    isolate: group => group.phase === 'isolate' && group.leafRoot !== 'mesh',
    release: group => group.leafRoot === 'mesh',
  };
  const proven =
    waitsOf(member, cluster, input.bundleEpoch, {
      ...(member.phase === 'release' ? {} : { setUp: true }),
      held: demands[member.phase],
      otherwise: 'bundleNotHeld',
    }).length === 0;
  // Once is enough: later doubts (a silent cluster, a new root) open nothing again.
  const isolatedAt =
    member.phase === 'isolate'
      ? member.isolatedAt ??
        (proven && !input.paused
          ? new Date(input.now).toISOString()
          : undefined)
      : undefined;
  return {
    ...member,
    proven,
    leaves: member.phase === 'dual' && proven ? 'own' : member.leaves,
    isolatedAt,
    closed: member.closed || isolatedAt !== undefined,
  };
}
/** One evaluation: rows as they change, and what they wait for. */
class Step {
  readonly #input: TransitionInput;
  readonly #rows: Map<string, MemberRecord>;
  readonly #waits: Wait[] = [];

  constructor(input: TransitionInput) {
    this.#input = input;
    this.#rows = new Map(input.members.map(m => [placeKey(m), m]));
  }

  take(): Transition {
    const missing = this.#input.paused ? [] : this.#addMissing();
    this.#noteReady();
    this.#join(missing);
    this.#leave();
    for (const [key, row] of this.#rows) {
      const cluster = this.#input.clusters.get(row.clusterId);
      this.#rows.set(key, settled(row, cluster, this.#input));
    }
    return {
      members: [...this.#rows.values()].sort((a, b) =>
        placeKey(a) < placeKey(b) ? -1 : 1,
      ),
      waits: this.#waits,
    };
  }

  /** @returns members that cannot begin yet */
  #addMissing(): Wait[] {
    const { gns, wanted, taken, now, closedBefore } = this.#input;
    const missing: Wait[] = [];
    for (const key of wanted) {
      if (this.#rows.has(key)) continue;
      const slash = key.indexOf('/');
      const clusterId = key.slice(0, slash);
      const namespace = key.slice(slash + 1);
      if (taken.has(key)) {
        missing.push({ reason: 'namespaceTaken', clusterId, namespace });
        continue;
      }
      this.#rows.set(key, {
        gns,
        clusterId,
        namespace,
        phase: 'adopt',
        step: this.#input.nextStep(),
        since: new Date(now).toISOString(),
        configured: false,
        proven: false,
        leaves: 'mesh',
        narrow: false,
        isolatedAt: undefined,
        closed: closedBefore.has(key),
      });
    }
    return missing;
  }

  #noteReady(): void {
    for (const [key, row] of this.#rows) {
      if (row.configured || row.phase === 'release') continue;
      const ready = this.#input.clusters
        .get(row.clusterId)
        ?.report?.namespaces.some(n => n.name === row.namespace && n.ready);
      if (ready) this.#rows.set(key, { ...row, configured: true });
    }
  }

  #join(missing: readonly Wait[]): void {
    const { bundleEpoch } = this.#input;
    // Back before it was gone: its pods may have either set-up, so it begins anew.
    this.#move(this.#movable(this.#in('join', 'release')), 'adopt', 'join');
    const adopting = this.#in('join', 'adopt');
    const dual = this.#in('join', 'dual');
    if (adopting.length > 0 || missing.length > 0) {
      this.#advance(
        adopting,
        [...adopting, ...dual, ...this.#in('join', 'release')],
        {
          ready: true,
          setUp: true,
          held: group => trustsBoth(group, bundleEpoch),
          otherwise: 'bundleNotHeld',
        },
        ['dual', 'join'],
        [...missing, ...callerWaits(this.#input, adopting)],
      );
      return;
    }
    this.#advance(
      dual,
      [...dual, ...this.#in('join', 'release')],
      {
        ready: true,
        setUp: true,
        held: group => group.leafRoot !== 'mesh',
        otherwise: 'meshLeaf',
      },
      ['isolate', 'join'],
    );
  }

  #leave(): void {
    const { bundleEpoch } = this.#input;
    for (const { key, member } of this.#movable(
      this.#in('leave', 'adopt', 'release'),
    )) {
      // No pod was ever sent to us.
      if (!member.configured) this.#rows.delete(key);
    }
    this.#move(this.#movable(this.#in('leave', 'isolate')), 'dual', 'leave');
    const isolate = this.#in('leave', 'isolate');
    const dual = this.#in('leave', 'dual');
    const adopt = this.#in('leave', 'adopt');
    this.#advance(
      dual,
      [...dual, ...isolate],
      {
        setUp: true,
        held: group => trustsBoth(group, bundleEpoch),
        otherwise: 'bundleNotHeld',
      },
      ['adopt', 'leave'],
    );
    this.#advance(
      adopt,
      [...adopt, ...dual, ...isolate],
      {
        // Pods that never got our set-up have what they shall have.
        held: group => group.leafRoot === 'mesh',
        otherwise: 'ownLeaf',
      },
      ['release', 'leave'],
    );
    for (const row of this.#in('leave', 'release')) this.#release(row);
  }

  /** The last pod with our set-up is gone, or it is said which are left. */
  #release({ key, member }: Row): void {
    const cluster = this.#input.clusters.get(member.clusterId);
    const waits = this.#stopped(member)
      ? [waitOf('paused', member)]
      : waitsOf(member, cluster, this.#input.bundleEpoch, {
          held: () => false,
          otherwise: 'podsAwaitRestart',
        });
    for (const workload of workloadsOf(member, cluster)) {
      if (workload.awaitingRestart === 0) continue;
      waits.push({
        ...waitOf('podsAwaitRestart', member),
        workload: workload.name,
        pods: workload.awaitingRestart,
      });
    }
    if (waits.length === 0) this.#rows.delete(key);
    else this.#waits.push(...waits);
  }

  #in(direction: 'join' | 'leave', ...phases: IdentityPhase[]): Row[] {
    return [...this.#rows]
      .map(([key, member]) => ({ key, member }))
      .filter(
        ({ key, member }) =>
          this.#input.wanted.has(key) === (direction === 'join') &&
          phases.includes(member.phase),
      );
  }

  #stopped(member: MemberRecord): boolean {
    return (
      this.#input.paused ||
      this.#input.clusters.get(member.clusterId)?.paused === true
    );
  }

  #movable(rows: readonly Row[]): Row[] {
    return rows.filter(r => !this.#stopped(r.member));
  }

  #move(
    rows: readonly Row[],
    phase: IdentityPhase,
    direction: 'join' | 'leave',
  ): void {
    for (const { key, member } of rows) {
      this.#rows.set(key, {
        ...member,
        phase,
        step: this.#input.nextStep(),
        since: new Date(this.#input.now).toISOString(),
        proven: false,
        leaves: leavesAfter(member, phase),
        // Back in dual, pods still trust the GNS alone until they ask again: adopt waits for that.
        narrow: phase === 'isolate' || (phase === 'dual' && member.narrow),
        isolatedAt: undefined,
        closed: direction === 'join' && member.closed,
      });
    }
  }

  /** Moves `rows` when all of the cohort meet the demand; else says what lacks. */
  #advance(
    rows: readonly Row[],
    cohort: readonly Row[],
    demand: Demand,
    [phase, direction]: readonly [IdentityPhase, 'join' | 'leave'],
    more: readonly Wait[] = [],
  ): void {
    const lacking = [
      ...cohort.flatMap(({ member }) =>
        this.#stopped(member)
          ? [waitOf('paused', member)]
          : waitsOf(
              member,
              this.#input.clusters.get(member.clusterId),
              this.#input.bundleEpoch,
              demand,
            ),
      ),
      ...more,
    ];
    if (lacking.length > 0) {
      if (rows.length > 0 || more.length > 0) this.#waits.push(...lacking);
    } else this.#move(rows, phase, direction);
  }
}

/**
 * One step of the way in and the way out, for all members of one authority.
 * Pure, and the same again for the same evidence.
 *
 * Joining: adopt → dual when every pod of every joining namespace trusts both
 * (so nobody refuses the first GNS leaf), and no caller outside is cut unseen; dual →
 * isolate when every leaf is the GNS's (so nobody misses the mesh roots). The joining
 * namespaces move together: they call each other. Leaving runs backwards, by the
 * same rule: trust before leaves, leaves before distrust.
 */
export function nextMembers(input: TransitionInput): Transition {
  return new Step(input).take();
}
