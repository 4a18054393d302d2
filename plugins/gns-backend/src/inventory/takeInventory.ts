import {
  INVENTORY_KINDS,
  type DeletionEvidence,
  type Inventory,
  type InventoryKind,
} from '@isthmus/plugin-gns-common';
import {
  isEvidenced,
  isHollowed,
  itemKey,
  type InventoryItem,
} from './itemKeys';

/** What the hub holds of one kind of inventory of one cluster. */
export interface KindState {
  readonly items: readonly InventoryItem[];
  readonly mark: 'complete' | 'partial' | 'never';
  /** RFC 3339; empty while never seen. */
  readonly observedAt: string;
  /** Keys of items that stay only because their loss is held. */
  readonly kept: readonly string[];
}

export type InventoryState = Readonly<Record<InventoryKind, KindState>>;

export const NEVER_SEEN: KindState = {
  items: [],
  mark: 'never',
  observedAt: '',
  kept: [],
};

/** A published endpoint of this cluster: what a vanished item would take away. */
export interface EndpointInUse {
  readonly gns: string;
  readonly host: string;
  readonly namespace: string;
  readonly service: string;
  /** Names of its workloads. */
  readonly workloads: readonly string[];
  /** Another cluster serves the host too. */
  readonly elsewhere: boolean;
}

export interface InventoryContext {
  /** Endpoints of this cluster in the last composition. */
  readonly endpoints: readonly EndpointInUse[];
}

/** The outcome: state to keep, kinds that changed, and what is held. */
export interface TakenInventory {
  readonly state: InventoryState;
  readonly changed: ReadonlySet<InventoryKind>;
  /** `<kind>/<item key>` of every item whose loss is held, sorted. */
  readonly held: readonly string[];
  /** Hosts that would lose endpoints, sorted. */
  readonly hosts: readonly string[];
}

/** More than this share of a global namespace's endpoints of one cluster needs evidence (rule 2). */
const MAX_SHARE = 0.2;

type Items = Map<string, InventoryItem>;

function byKey(kind: InventoryKind, items: readonly InventoryItem[]): Items {
  return new Map(items.map(item => [itemKey(kind, item), item]));
}

/** An endpoint is there while its namespace, its service, one workload and one gateway are. */
function isPresent(
  endpoint: EndpointInUse,
  items: Readonly<Record<InventoryKind, Items>>,
  workloads: ReadonlySet<string>,
): boolean {
  return (
    items.namespaces.has(endpoint.namespace) &&
    items.services.has(`${endpoint.namespace}/${endpoint.service}`) &&
    (endpoint.workloads.length === 0 ||
      endpoint.workloads.some(w =>
        workloads.has(`${endpoint.namespace}/${w}`),
      )) &&
    items.gateways.size > 0
  );
}

function workloadNames(items: Items): Set<string> {
  return new Set(
    [...items.values()].map(item => {
      const { namespace, name } = item as { namespace: string; name: string };
      return `${namespace}/${name}`;
    }),
  );
}

function mapKinds<T>(of: (kind: InventoryKind) => T): Record<InventoryKind, T> {
  return Object.fromEntries(INVENTORY_KINDS.map(k => [k, of(k)])) as Record<
    InventoryKind,
    T
  >;
}

/**
 * Takes what a report brought into what composition may act on (rule 2).
 * A partial or older list adds and changes, and removes nothing. A complete
 * list replaces; but items whose absence would take a host's last endpoint or
 * more than 20 % of a global namespace's endpoints in this cluster stay, held
 * for a person, unless live watches saw them deleted. Items that are listed
 * without their addresses, labels, ports or selector count as absent. Pure.
 */
export function takeInventory(
  current: InventoryState,
  reported: Inventory,
  context: InventoryContext,
): TakenInventory {
  const deletions: Partial<Record<InventoryKind, readonly DeletionEvidence[]>> =
    Object.fromEntries(
      INVENTORY_KINDS.map(kind => [kind, reported[kind]?.deletions ?? []]),
    );
  const before = mapKinds(kind => byKey(kind, current[kind].items));
  const wanted = mapKinds<Items>(kind => {
    const part = reported[kind];
    // What is only kept was already missing: it is judged anew each time.
    const known: Items = new Map(before[kind]);
    for (const key of current[kind].kept) known.delete(key);
    if (!part) return known;
    const given = byKey(kind, part.items);
    const replaces =
      part.mark === 'complete' &&
      part.observedAt >= current[kind].observedAt &&
      // A cluster always has its own facts.
      !(kind === 'mesh' && given.size === 0);
    return replaces ? given : new Map([...known, ...given]);
  });

  const vanished = mapKinds(kind =>
    [...before[kind].keys()].filter(key => !wanted[kind].has(key)),
  );
  // Still listed, but useless: no watch can have seen a deletion of those.
  const hollowed = mapKinds(kind =>
    [...before[kind]]
      .filter(([key, item]) => {
        const now = wanted[kind].get(key);
        return now !== undefined && isHollowed(kind, item, now);
      })
      .map(([key]) => key),
  );
  const unproven = mapKinds(kind => [
    ...vanished[kind].filter(key => !isEvidenced(kind, key, deletions)),
    ...hollowed[kind],
  ]);
  const usable = mapKinds<Items>(kind => {
    const items: Items = new Map(wanted[kind]);
    for (const key of hollowed[kind]) items.delete(key);
    return items;
  });
  // What would be left if proven deletions alone were believed.
  const proven = mapKinds<Items>(kind => {
    const items: Items = new Map(wanted[kind]);
    for (const key of unproven[kind]) items.set(key, before[kind].get(key)!);
    return items;
  });

  const workloadsBefore = workloadNames(before.workloads);
  const workloadsProven = workloadNames(proven.workloads);
  const workloadsUsable = workloadNames(usable.workloads);
  const total = new Map<string, number>();
  const lost = new Map<string, EndpointInUse[]>();
  for (const endpoint of context.endpoints) {
    if (!isPresent(endpoint, before, workloadsBefore)) continue;
    total.set(endpoint.gns, (total.get(endpoint.gns) ?? 0) + 1);
    if (
      isPresent(endpoint, proven, workloadsProven) &&
      !isPresent(endpoint, usable, workloadsUsable)
    ) {
      lost.set(endpoint.gns, [...(lost.get(endpoint.gns) ?? []), endpoint]);
    }
  }
  const hosts = [...lost]
    .filter(
      ([gns, endpoints]) =>
        endpoints.some(e => !e.elsewhere) ||
        endpoints.length > MAX_SHARE * (total.get(gns) ?? 0),
    )
    .flatMap(([, endpoints]) => endpoints.map(e => e.host));

  const holding = hosts.length > 0;
  const next = holding ? proven : wanted;
  const changed = new Set<InventoryKind>();
  const state = mapKinds<KindState>(kind => {
    const part = reported[kind];
    const kept = holding ? [...unproven[kind]].sort() : [];
    const items = [...next[kind].values()];
    const after: KindState = {
      items,
      mark: part?.mark ?? current[kind].mark,
      observedAt:
        part && part.observedAt > current[kind].observedAt
          ? part.observedAt
          : current[kind].observedAt,
      kept,
    };
    if (
      part ||
      kept.length !== current[kind].kept.length ||
      items.length !== current[kind].items.length
    ) {
      changed.add(kind);
    }
    return changed.has(kind) ? after : current[kind];
  });
  return {
    state,
    changed,
    held: INVENTORY_KINDS.flatMap(kind =>
      state[kind].kept.map(key => `${kind}/${key}`),
    ).sort(),
    hosts: [...new Set(hosts)].sort(),
  };
}

/** The state after a person released the held losses: what was kept goes. */
export function releaseLosses(
  current: InventoryState,
  released: ReadonlySet<string>,
): TakenInventory {
  const changed = new Set<InventoryKind>();
  const state = mapKinds<KindState>(kind => {
    const gone = new Set(
      current[kind].kept.filter(key => released.has(`${kind}/${key}`)),
    );
    if (gone.size === 0) return current[kind];
    changed.add(kind);
    return {
      ...current[kind],
      items: current[kind].items.filter(i => !gone.has(itemKey(kind, i))),
      kept: current[kind].kept.filter(key => !gone.has(key)),
    };
  });
  return { state, changed, held: [], hosts: [] };
}
