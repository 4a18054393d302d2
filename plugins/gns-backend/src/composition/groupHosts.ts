import type { Condition } from '@isthmus/plugin-gns-common';
import type { HostOffers } from './composeHost';
import type { Offer } from './offers';
import { by } from './order';
import { untrue } from './statement';

/** Offers under one label, while they are collected. */
interface Group {
  offers: Offer[];
  waiting: Offer[];
  conditions: Condition[];
}

/**
 * Offers by host label. Of two offers for one label in one cluster the first
 * namespace (by name) keeps it; the other is a conflict with its remedy.
 * `only`: the labels to look at; absent: all.
 */
export function groupHosts(
  gns: string,
  domain: string,
  offered: readonly (readonly Offer[])[],
  waiting: readonly (readonly Offer[])[],
  only?: ReadonlySet<string>,
): HostOffers[] {
  const groups = new Map<string, Group>();
  const groupOf = (label: string): Group => {
    const known = groups.get(label);
    if (known) return known;
    const made: Group = { offers: [], waiting: [], conditions: [] };
    groups.set(label, made);
    return made;
  };
  for (const list of offered) {
    for (const offer of list) {
      if (only && !only.has(offer.label)) continue;
      const group = groupOf(offer.label);
      const first = group.offers.find(o => o.cluster === offer.cluster);
      if (!first) {
        group.offers.push(offer);
        continue;
      }
      group.conditions.push(
        untrue(
          'HostUnique',
          'HostConflict',
          'error',
          `${offer.label}.${domain} is offered twice in ${offer.clusterName}: by ${first.service} in ${first.namespace}, which keeps it, and by ${offer.service} in ${offer.namespace}, which is left out. Give one of them another name in spec.hostnames.`,
          {
            gns,
            cluster: offer.clusterName,
            namespace: offer.namespace,
            service: offer.label,
            object: `${offer.namespace}/${offer.service}`,
          },
        ),
      );
    }
  }
  for (const list of waiting) {
    for (const offer of list) {
      if (only && !only.has(offer.label)) continue;
      groupOf(offer.label).waiting.push(offer);
    }
  }
  return [...groups]
    .map(([label, group]) => ({
      label,
      offers: group.offers.sort(by(o => `${o.clusterName} ${o.cluster}`)),
      waiting: group.waiting.sort(
        by(o => `${o.clusterName} ${o.cluster} ${o.namespace} ${o.service}`),
      ),
      conditions: group.conditions,
    }))
    .sort(by(h => h.label));
}
