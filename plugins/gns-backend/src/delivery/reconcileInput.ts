import type { Knex } from 'knex';
import type { GlobalNamespace, Reachability } from '@isthmus/plugin-gns-common';
import type {
  ClusterView,
  EffectiveInventory,
  VersionedGlobalNamespace,
} from '../composition/types';
import type { DefinitionRecord } from '../definitions/DefinitionStore';
import type { Acknowledgment } from './types';

/** A member cluster as a reconciliation sees it. */
export interface ClusterInput {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly leaving: boolean;
  readonly paused: boolean;
  /** The hub reads it itself: nothing is delivered to it. */
  readonly observed: boolean;
  readonly drained: boolean;
  readonly reachability: readonly Reachability[];
  readonly acknowledged: Acknowledgment | undefined;
  /** Keys with their global namespaces, when reported for the newest desired state. */
  readonly owned: ReadonlyMap<string, string> | undefined;
}

interface JoinedRow {
  id: string;
  name: string;
  labels: string;
  state: string;
  paused: number;
  observed: number;
  drained: number;
  desired_n: number | string;
  applied_term: number | string | null;
  applied_n: number | string | null;
  object_states: string | null;
  reachability: string | null;
  owned: string | null;
  owned_n: number | string | null;
}

/** Parsed once per text: most reports repeat what the one before said. */
const parsedTexts = new Map<string, { text: string; value: unknown }>();
function parseOnce<T>(slot: string, text: string): T {
  const known = parsedTexts.get(slot);
  if (known?.text === text) return known.value as T;
  const value: T = JSON.parse(text);
  parsedTexts.set(slot, { text, value });
  return value;
}

/** Reads all enrolled clusters with what they acknowledged in this term. */
export async function readClusterInputs(
  trx: Knex,
  term: number,
): Promise<ClusterInput[]> {
  const rows: JoinedRow[] = await trx('gns_clusters as c')
    .leftJoin('gns_observations as o', 'o.cluster_id', 'c.id')
    .whereNot('c.state', 'waiting')
    .orderBy('c.name')
    .select(
      'c.id',
      'c.name',
      'c.labels',
      'c.state',
      'c.paused',
      'c.observed',
      'c.drained',
      'c.desired_n',
      'o.applied_term',
      'o.applied_n',
      'o.object_states',
      'o.reachability',
      'o.owned',
      'o.owned_n',
    );
  return rows.map(row => {
    const troubled = parseOnce<{ key: string }[]>(
      `${row.id}/objects`,
      row.object_states ?? '[]',
    );
    const current =
      row.owned !== null && Number(row.owned_n) === Number(row.desired_n);
    return {
      id: row.id,
      name: row.name,
      labels: parseOnce(`${row.id}/labels`, row.labels),
      leaving: row.state === 'disconnecting',
      paused: Boolean(row.paused),
      observed: Boolean(row.observed),
      drained: Boolean(row.drained),
      reachability: parseOnce(
        `${row.id}/reachability`,
        row.reachability ?? '[]',
      ),
      acknowledged:
        row.applied_n !== null && Number(row.applied_term) === term
          ? {
              appliedN: Number(row.applied_n),
              troubled: new Set(troubled.map(o => o.key)),
            }
          : undefined,
      owned: current
        ? new Map(
            parseOnce<{ key: string; gns: string }[]>(
              `${row.id}/owned`,
              row.owned ?? '[]',
            ).map(o => [o.key, o.gns]),
          )
        : undefined,
    };
  });
}

const views = new WeakMap<EffectiveInventory, ClusterView>();

/** Composition's view; the same object again while nothing in it changed. */
export function toClusterView(
  cluster: ClusterInput,
  inventory: EffectiveInventory,
): ClusterView {
  const known = views.get(inventory);
  if (
    known &&
    known.name === cluster.name &&
    known.labels === cluster.labels &&
    known.leaving === cluster.leaving &&
    Boolean(known.observed) === cluster.observed &&
    known.drained === cluster.drained &&
    known.reachability === cluster.reachability
  ) {
    return known;
  }
  const { id, name, labels, leaving, drained, reachability } = cluster;
  const view: ClusterView = {
    id,
    name,
    labels,
    leaving,
    ...(cluster.observed ? { observed: true } : {}),
    drained,
    reachability,
    inventory,
  };
  views.set(inventory, view);
  return view;
}

/** Hands out the same object again while a definition has the same generation, so that composition can tell by identity. */
export class VersionedDefinitions {
  readonly #known = new Map<string, VersionedGlobalNamespace>();

  of(records: readonly DefinitionRecord[]): VersionedGlobalNamespace[] {
    const versioned = records
      .filter(({ definition }) => definition.kind === 'GlobalNamespace')
      .map(({ definition, generation, createdOrder }) => {
        const known = this.#known.get(definition.metadata.name);
        return known?.generation === generation &&
          known.createdOrder === createdOrder
          ? known
          : {
              // The store parses with the kind's schema before it writes.
              definition: definition as unknown as GlobalNamespace,
              generation,
              createdOrder,
            };
      });
    this.#known.clear();
    for (const one of versioned) {
      this.#known.set(one.definition.metadata.name, one);
    }
    return versioned;
  }
}

/** Member keys that people decided on. */
export async function readApprovals(trx: Knex) {
  const rows: { member: string; decision: string }[] = await trx(
    'gns_approvals',
  ).select('member', 'decision');
  const of = (decision: string) =>
    new Set(rows.filter(r => r.decision === decision).map(r => r.member));
  return { approved: of('approved'), refused: of('refused') };
}

export async function approveMembers(
  trx: Knex,
  members: readonly { key: string; gns: string }[],
  decision: 'approved' | 'refused',
  by: string,
  now: number,
): Promise<void> {
  for (const { key, gns } of members) {
    const row = {
      gns,
      decision,
      decided_by: by,
      decided_at: new Date(now).toISOString(),
    };
    await trx('gns_approvals')
      .insert({ member: key, ...row })
      .onConflict('member')
      .merge(row);
  }
}

export async function readPauses(trx: Knex): Promise<Set<string>> {
  const rows: { gns: string }[] = await trx('gns_pauses').select('gns');
  return new Set(rows.map(r => r.gns));
}
