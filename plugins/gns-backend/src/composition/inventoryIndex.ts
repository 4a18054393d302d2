import type { InventoryWorkload } from '@isthmus/plugin-gns-common';
import { by } from './order';

const indexes = new WeakMap<object, Map<string, unknown[]>>();

/**
 * The items of a list by namespace, each group sorted by name. Remembered per
 * list: inventories are replaced, never mutated.
 */
export function byNamespace<T extends { namespace: string; name: string }>(
  items: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const known = indexes.get(items);
  // The cache is keyed by the very list, so the item type is the same.
  if (known) return known as Map<string, T[]>;
  const index = new Map<string, T[]>();
  for (const item of items) {
    const group = index.get(item.namespace);
    if (group) group.push(item);
    else index.set(item.namespace, [item]);
  }
  for (const group of index.values()) {
    group.sort(by(item => item.name));
  }
  indexes.set(items, index);
  return index;
}

const labelIndexes = new WeakMap<object, Map<string, InventoryWorkload[]>>();

function byLabel(
  workloads: readonly InventoryWorkload[],
): Map<string, InventoryWorkload[]> {
  const known = labelIndexes.get(workloads);
  if (known) return known;
  const index = new Map<string, InventoryWorkload[]>();
  for (const workload of workloads) {
    for (const [key, value] of Object.entries(workload.labels)) {
      const pair = `${key}=${value}`;
      const group = index.get(pair);
      if (group) group.push(workload);
      else index.set(pair, [workload]);
    }
  }
  labelIndexes.set(workloads, index);
  return index;
}

/** The workloads (of one namespace) whose pods carry every label of the selector. */
export function workloadsSelected(
  workloads: readonly InventoryWorkload[],
  selector: Readonly<Record<string, string>>,
): readonly InventoryWorkload[] {
  const pairs = Object.entries(selector);
  const index = byLabel(workloads);
  let smallest: readonly InventoryWorkload[] | undefined;
  for (const [key, value] of pairs) {
    const group = index.get(`${key}=${value}`) ?? [];
    if (!smallest || group.length < smallest.length) smallest = group;
  }
  return (smallest ?? []).filter(workload =>
    pairs.every(
      ([key, value]) =>
        Object.hasOwn(workload.labels, key) && workload.labels[key] === value,
    ),
  );
}
