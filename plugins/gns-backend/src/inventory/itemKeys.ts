import type {
  DeletionEvidence,
  InventoryGateway,
  InventoryKind,
  InventoryNamespace,
  InventoryService,
  InventoryWorkload,
  MeshFacts,
} from '@isthmus/plugin-gns-common';

/** The item type of each kind of inventory. */
export interface InventoryItems {
  mesh: MeshFacts;
  namespaces: InventoryNamespace;
  services: InventoryService;
  workloads: InventoryWorkload;
  gateways: InventoryGateway;
}

export type InventoryItem = InventoryItems[InventoryKind];

/** What identifies an item among those of its kind in one cluster. */
export function itemKey(kind: InventoryKind, item: InventoryItem): string {
  if (kind === 'mesh') return 'mesh';
  const named = item as { name: string; namespace?: string; kind?: string };
  return [
    ...(kind === 'namespaces' ? [] : [named.namespace]),
    ...(kind === 'workloads' ? [named.kind] : []),
    named.name,
  ].join('/');
}

/** The namespace that an item of this key lies in; a namespace lies in itself. */
export function namespaceOfKey(kind: InventoryKind, key: string): string {
  return kind === 'mesh' ? '' : key.split('/')[0];
}

/** True when a live watch saw this item, or its whole namespace, deleted. */
export function isEvidenced(
  kind: InventoryKind,
  key: string,
  deletions: Partial<Record<InventoryKind, readonly DeletionEvidence[]>>,
): boolean {
  const namespace = namespaceOfKey(kind, key);
  const name = key.slice(key.lastIndexOf('/') + 1);
  return (
    (deletions.namespaces ?? []).some(d => d.name === namespace) ||
    (kind !== 'namespaces' &&
      (deletions[kind] ?? []).some(
        d => d.name === name && d.namespace === namespace,
      ))
  );
}

/**
 * True when an item is still listed, but without what made it useful: an
 * answer that lost its fields takes endpoints away as surely as a missing item.
 * Counts of pods and readiness are no such fields: live watches report them.
 */
export function isHollowed(
  kind: InventoryKind,
  before: InventoryItem,
  after: InventoryItem,
): boolean {
  const lost = (of: (item: InventoryItem) => number) =>
    of(before) > 0 && of(after) === 0;
  switch (kind) {
    case 'gateways':
      return lost(item => (item as InventoryGateway).addresses.length);
    case 'namespaces':
      return lost(
        item => Object.keys((item as InventoryNamespace).labels).length,
      );
    case 'services':
      return (
        lost(item => (item as InventoryService).ports.length) ||
        lost(
          item => Object.keys((item as InventoryService).selector ?? {}).length,
        )
      );
    default:
      return false;
  }
}
