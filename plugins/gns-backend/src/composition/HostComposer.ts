import { sameList } from './cells';
import {
  composeHost,
  keepEqual,
  type ComposedHost,
  type HostContext,
  type HostOffers,
} from './composeHost';
import { groupHosts } from './groupHosts';
import type { HostLayer } from './objectLayers';
import type { Offer } from './offers';
import {
  servingKey,
  type ComposedObject,
  type CompositionInput,
} from './types';

type HostInput = Pick<
  CompositionInput,
  'served' | 'weights' | 'addresses' | 'options'
>;
type OfferList = readonly Offer[];

interface HostState {
  readonly offers: HostOffers;
  readonly facts: string;
  readonly composed: ComposedHost;
}

/** All hosts of a global namespace, by label, and what they put into each cluster. */
export interface ComposedHosts {
  readonly hosts: ReadonlyMap<string, ComposedHost>;
  /** By cluster id. */
  readonly layers: ReadonlyMap<string, HostLayer>;
}

/**
 * Composes the hosts of one global namespace and remembers them: while its
 * places stay, only hosts whose offers, address, serving or weights changed
 * are composed again.
 */
export class HostComposer {
  #context: HostContext | undefined;
  #offered: readonly OfferList[] = [];
  #waiting: readonly OfferList[] = [];
  #input: HostInput | undefined;
  #states = new Map<string, HostState>();
  #result: ComposedHosts = { hosts: new Map(), layers: new Map() };

  compose(
    context: HostContext,
    offered: readonly OfferList[],
    waiting: readonly OfferList[],
    input: HostInput,
  ): ComposedHosts {
    const moved = context !== this.#context;
    const dirty =
      moved ||
      offered.length !== this.#offered.length ||
      waiting.length !== this.#waiting.length
        ? undefined
        : this.#changedLabels(offered, waiting);
    if (dirty?.size === 0 && this.#input && sameInput(input, this.#input)) {
      return this.#result;
    }
    const groups = groupHosts(
      context.gns,
      context.domain,
      offered,
      waiting,
      dirty,
    );
    const changes = this.#composeChanged(context, groups, dirty, input, moved);
    this.#context = context;
    this.#offered = offered;
    this.#waiting = waiting;
    this.#input = input;
    this.#result = this.#collect(changes, moved);
    return this.#result;
  }

  /** Labels of the offers in which lists differ from last time. */
  #changedLabels(
    offered: readonly OfferList[],
    waiting: readonly OfferList[],
  ): Set<string> {
    const labels = new Set<string>();
    const compare = (
      next: readonly OfferList[],
      last: readonly OfferList[],
    ) => {
      next.forEach((list, i) => {
        const old = last[i];
        if (list === old) return;
        const [a, b] = [new Set(list), new Set(old)];
        for (const offer of list) if (!b.has(offer)) labels.add(offer.label);
        for (const offer of old) if (!a.has(offer)) labels.add(offer.label);
      });
    };
    compare(offered, this.#offered);
    compare(waiting, this.#waiting);
    return labels;
  }

  /** @returns labels whose composed host is another one than before */
  #composeChanged(
    context: HostContext,
    groups: readonly HostOffers[],
    dirty: ReadonlySet<string> | undefined,
    input: HostInput,
    moved: boolean,
  ): Set<string> {
    const changes = new Set<string>();
    const grouped = new Map(groups.map(g => [g.label, g]));
    const inputMoved = !this.#input || !sameInput(input, this.#input);
    const again = (label: string, offers: HostOffers) => {
      const before = moved ? undefined : this.#states.get(label);
      const facts = hostFacts(context, offers, input);
      if (
        before &&
        before.facts === facts &&
        sameOffers(before.offers, offers)
      ) {
        return;
      }
      const next = composeHost(context, offers, input);
      const composed = keepEqual(before?.composed, next);
      this.#states.set(label, { offers, facts, composed });
      changes.add(label);
    };
    if (dirty) {
      for (const label of dirty) {
        const offers = grouped.get(label);
        if (offers) again(label, offers);
        else if (this.#states.delete(label)) changes.add(label);
      }
      if (inputMoved) {
        for (const [label, state] of [...this.#states]) {
          if (!dirty.has(label)) again(label, state.offers);
        }
      }
    } else {
      for (const label of [...this.#states.keys()]) {
        if (!grouped.has(label)) {
          this.#states.delete(label);
          changes.add(label);
        }
      }
      for (const [label, offers] of grouped) again(label, offers);
    }
    return changes;
  }

  #collect(changes: ReadonlySet<string>, moved: boolean): ComposedHosts {
    const before = this.#result;
    if (changes.size === 0 && !moved) return before;
    const labels = [...this.#states.keys()];
    const stable =
      !moved &&
      before.hosts.size === labels.length &&
      [...changes].every(l => before.hosts.has(l) && this.#states.has(l));
    if (!stable) {
      labels.sort();
      const hosts = new Map<string, ComposedHost>();
      const layers = new Map<string, Map<string, readonly ComposedObject[]>>();
      for (const label of labels) {
        const state = this.#states.get(label);
        if (!state) continue;
        hosts.set(label, state.composed);
        for (const [cluster, list] of state.composed.objects) {
          const layer = layers.get(cluster);
          if (layer) layer.set(label, list);
          else layers.set(cluster, new Map([[label, list]]));
        }
      }
      return { hosts, layers };
    }
    const hosts = new Map(before.hosts);
    const layers = new Map(before.layers);
    const copies = new Map<string, Map<string, readonly ComposedObject[]>>();
    const reorder = new Set<string>();
    for (const label of changes) {
      const composed = this.#states.get(label)?.composed;
      const old = before.hosts.get(label);
      if (!composed || !old) continue;
      hosts.set(label, composed);
      if (composed.objects === old.objects) continue;
      for (const cluster of new Set([
        ...old.objects.keys(),
        ...composed.objects.keys(),
      ])) {
        const list = composed.objects.get(cluster);
        const last = old.objects.get(cluster);
        if (list === last) continue;
        let copy = copies.get(cluster);
        if (!copy) {
          copy = new Map(before.layers.get(cluster));
          copies.set(cluster, copy);
        }
        if (list) copy.set(label, list);
        else copy.delete(label);
        if (!last) reorder.add(cluster);
      }
    }
    for (const [cluster, copy] of copies) {
      layers.set(
        cluster,
        reorder.has(cluster)
          ? new Map([...copy].sort(([a], [b]) => (a < b ? -1 : 1)))
          : copy,
      );
    }
    return { hosts, layers };
  }
}

function sameInput(a: HostInput, b: HostInput): boolean {
  return (
    a.served === b.served &&
    a.weights === b.weights &&
    a.addresses === b.addresses &&
    a.options.maxClusterShare === b.options.maxClusterShare &&
    a.options.nearestClusters === b.options.nearestClusters
  );
}

function sameOffers(a: HostOffers, b: HostOffers): boolean {
  return (
    a === b ||
    (sameList(a.offers, b.offers) &&
      sameList(a.waiting, b.waiting) &&
      a.conditions.length === 0 &&
      b.conditions.length === 0)
  );
}

/** What a host depends on beside its offers and the places, as a text. */
function hostFacts(
  context: HostContext,
  { label, offers }: HostOffers,
  input: HostInput,
): string {
  const host = `${label}.${context.domain}`;
  let text = `${input.addresses.get(host) ?? ''} ${
    input.options.nearestClusters
  } ${input.options.maxClusterShare}`;
  for (const { cluster } of offers) {
    const key = servingKey(cluster, host);
    text += input.served.has(key) ? ' 1 ' : ' 0 ';
    text += input.weights.get(key) ?? '';
  }
  return text;
}
