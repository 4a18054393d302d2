import { type SloSummary } from '@isthmus/plugin-gns-common';

/**
 * The worst objective of each service. Lists of the hub are worst first, so
 * the first one of a service is its worst.
 * @param items - of one global namespace
 */
export function worstByService(
  items: readonly SloSummary[],
): ReadonlyMap<string, SloSummary> {
  const worst = new Map<string, SloSummary>();
  for (const item of items) {
    for (const service of item.services) {
      if (!worst.has(service)) worst.set(service, item);
    }
  }
  return worst;
}

/** The objectives of each global namespace, worst first. */
export function slosByGns(
  items: readonly SloSummary[],
): ReadonlyMap<string, SloSummary[]> {
  const found = new Map<string, SloSummary[]>();
  for (const item of items) {
    const of = found.get(item.gns);
    if (of) of.push(item);
    else found.set(item.gns, [item]);
  }
  return found;
}

/** The worst objective of each global namespace. */
export function worstByGns(
  items: readonly SloSummary[],
): ReadonlyMap<string, SloSummary> {
  return new Map(
    [...slosByGns(items)].map(([gns, [worst]]) => [gns, worst] as const),
  );
}
