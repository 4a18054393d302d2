import type { Knex } from 'knex';
import type { ComposedMember, CompositionInput } from '../../composition';
import { bumpAuthorityRevision, type Authority } from '../store/authorityRows';
import {
  alignBundle,
  writeMembers,
  writeSpec,
  type AuthoritySpec,
} from '../store/writeAuthority';
import { overtake } from './overtake';
import { leafTtlSecondsOf } from './leafTtl';
import { nextMembers } from './nextMembers';
import type { Evidence } from './readEvidence';
import { placeKey, type OutsideCallers, type Wait } from './types';

/** What one look at the authorities found. */
export interface AuthoritiesStep {
  /** Rows changed: read them again. */
  readonly changed: boolean;
  readonly waits: ReadonlyMap<string, readonly Wait[]>;
}

export interface StepInput {
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly input: Pick<CompositionInput, 'definitions' | 'splits' | 'clusters'>;
  /** Members of the last composition, by global namespace. */
  readonly membersOf: (gns: string) => readonly ComposedMember[];
  /** The history says that a person deleted the definition. */
  readonly isDeleted: (gns: string) => boolean;
  readonly closedBefore: (gns: string) => ReadonlySet<string>;
  readonly evidence: Evidence;
  readonly outside: ReadonlyMap<string, OutsideCallers>;
  readonly pauses: ReadonlySet<string>;
  readonly now: number;
}

const NOT_ASKED: OutsideCallers = {
  type: 'unknown',
  reason: 'This hub does not measure traffic.',
};

function ambientPlaces(clusters: StepInput['input']['clusters']): Set<string> {
  return new Set(
    clusters.flatMap(({ id, inventory }) =>
      inventory.namespaces
        .filter(n => n.injection === 'ambient')
        .map(n => placeKey({ clusterId: id, namespace: n.name })),
    ),
  );
}

/** Where the definition in force says `dedicated`. */
function dedicatedIn(
  { definitions, splits = [] }: StepInput['input'],
  gns: string,
): (clusterId: string) => boolean {
  const current = definitions.find(d => d.definition.metadata.name === gns);
  const split = splits.find(s => s.gns === gns);
  return clusterId => {
    const inForce =
      split && !split.turned.has(clusterId) ? split.former : current;
    return inForce?.definition.spec.authority.mode === 'dedicated';
  };
}

/** Places that shall belong to the authority; undefined: nobody knows now, so everything stays. */
export function wantedPlaces(
  step: Pick<StepInput, 'input' | 'membersOf' | 'isDeleted'>,
  authority: Authority,
): ReadonlySet<string> | undefined {
  const { gns } = authority;
  const { definitions, splits = [], clusters } = step.input;
  const known =
    definitions.some(d => d.definition.metadata.name === gns) ||
    splits.some(s => s.gns === gns);
  // A table that was emptied takes nobody's identity away (rule 1).
  if (!known && !step.isDeleted(gns)) return undefined;
  const isDedicated = dedicatedIn(step.input, gns);
  const ambient = ambientPlaces(clusters);
  // There is no controller that could issue: to wait for one would hold up all others.
  const observed = new Set(clusters.filter(c => c.observed).map(c => c.id));
  const leaving = new Set(clusters.filter(c => c.leaving).map(c => c.id));
  const wanted = new Set(
    step
      .membersOf(gns)
      .filter(
        m =>
          m.state === 'member' &&
          isDedicated(m.cluster) &&
          !observed.has(m.cluster),
      )
      .map(m => placeKey({ clusterId: m.cluster, namespace: m.namespace }))
      .filter(key => !ambient.has(key)),
  );
  const seen = new Set(
    clusters
      .filter(c => c.inventory.marks.namespaces !== 'never')
      .map(c => c.id),
  );
  for (const row of authority.members) {
    // Of a cluster that nobody sees, nothing is known to have left.
    const blind = !seen.has(row.clusterId) && !leaving.has(row.clusterId);
    if (blind && isDedicated(row.clusterId)) wanted.add(placeKey(row));
  }
  return wanted;
}

/**
 * What the definition says about its authority. That holds for all clusters
 * alike, so while a change rolls out in waves, what stood before holds until the last one; undefined: nothing.
 */
export function specOf(
  { input }: Pick<StepInput, 'input'>,
  { gns }: Pick<Authority, 'gns'>,
): AuthoritySpec | undefined {
  const { definitions, splits = [] } = input;
  const current = definitions.find(d => d.definition.metadata.name === gns);
  const former = splits.find(s => s.gns === gns)?.former;
  const spec = (former ?? current)?.definition.spec;
  if (spec?.authority.mode !== 'dedicated') return undefined;
  return {
    trustDomain: spec.authority.trustDomain === 'own' ? spec.domain : undefined,
    leafTtlSeconds: leafTtlSecondsOf(spec.authority.leafTtl),
    restart: spec.authority.restart ?? 'manual',
  };
}

function differs(spec: AuthoritySpec, authority: Authority): boolean {
  return (
    spec.trustDomain !== authority.trustDomain ||
    spec.leafTtlSeconds !== authority.leafTtlSeconds ||
    spec.restart !== authority.restart
  );
}

/** Mesh roots of all clusters with members, for the time in which both are trusted. */
function meshRootsFor(authority: Authority, evidence: Evidence): string[] {
  const clusters = [...new Set(authority.members.map(m => m.clusterId))];
  const said = clusters.map(id => evidence.meshRootsOf(id) ?? []);
  // A cluster that does not say takes no root from the others.
  const kept = said.some(roots => roots.length === 0)
    ? authority.meshRoots
    : [];
  return [...new Set([...said.flat(), ...kept])].sort().slice(0, 200);
}

/** One step of all authorities, in the reconciliation's transaction. */
export async function stepAuthorities(
  trx: Knex,
  step: StepInput,
): Promise<AuthoritiesStep> {
  const waits = new Map<string, readonly Wait[]>();
  let changed = false;
  for (const known of step.authorities.values()) {
    const { gns } = known;
    const authority = await overtake(trx, known, step.evidence.of(gns));
    if (authority !== known) changed = true;
    const spec = specOf(step, authority);
    if (spec && differs(spec, authority)) {
      await writeSpec(trx, gns, spec);
      changed = true;
    }
    const wanted = wantedPlaces(step, authority);
    let { members } = authority;
    const signs = authority.roots.some(r => r.state === 'active');
    if (wanted && (signs || members.length > 0)) {
      let last = authority.lastStep;
      const transition = nextMembers({
        gns,
        // Without a root there is nothing to join; who is on the way stays where it is.
        wanted: signs ? wanted : new Set(members.map(placeKey)),
        members,
        taken: new Set(
          [...step.authorities.values()]
            .filter(other => other.gns !== gns)
            .flatMap(other => other.members.map(placeKey)),
        ),
        closedBefore: step.closedBefore(gns),
        clusters: step.evidence.of(gns),
        bundleEpoch: authority.bundleEpoch,
        paused: authority.transitionPaused || step.pauses.has(gns),
        outside: step.outside.get(gns) ?? NOT_ASKED,
        waivedCallers: new Set(authority.waivedCallers),
        callersWaived: authority.callersWaived,
        now: step.now,
        nextStep: () => {
          last += 1;
          return last;
        },
      });
      waits.set(gns, transition.waits);
      if (await writeMembers(trx, gns, members, transition.members)) {
        changed = true;
      }
      members = transition.members;
    }
    const meshRoots =
      members.length > 0
        ? meshRootsFor({ ...authority, members }, step.evidence)
        : authority.meshRoots;
    if (await alignBundle(trx, authority, meshRoots)) changed = true;
  }
  if (changed) await bumpAuthorityRevision(trx);
  return { changed, waits };
}
