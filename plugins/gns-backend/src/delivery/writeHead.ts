import type { Knex } from 'knex';
import {
  canonicalJson,
  type CollectionPlan,
  type DesiredSettings,
} from '@isthmus/plugin-gns-common';
import type { ComposedCluster } from '../composition';
import { digestOf, openTombstones, type DeliveryDraft } from './nextDelivery';
import type { ClusterInput } from './reconcileInput';
import type { ClusterDelivery } from './types';

function settingsOf(
  cluster: ClusterInput,
  composed: ComposedCluster | undefined,
  pauses: ReadonlySet<string>,
  telemetry: CollectionPlan,
  authorities: DesiredSettings['authorities'],
): DesiredSettings {
  return {
    clusterName: cluster.name,
    paused: cluster.paused ? ['*'] : [...pauses].sort(),
    probes: [...(composed?.probes ?? [])],
    members: Object.fromEntries(
      Object.entries(composed?.members ?? {}).map(([gns, namespaces]) => [
        gns,
        [...namespaces],
      ]),
    ),
    ...(authorities ? { authorities } : {}),
    telemetry,
  };
}

/** Texts by the probes they contain: most clusters have the same settings again and again. */
const knownTexts = new WeakMap<
  ComposedCluster['probes'],
  {
    members: ComposedCluster['members'];
    rest: string;
    settings: DesiredSettings;
    text: string;
  }
>();

function settingsWithText(
  cluster: ClusterInput,
  composed: ComposedCluster | undefined,
  pauses: ReadonlySet<string>,
  telemetry: CollectionPlan,
  authorities: DesiredSettings['authorities'],
): { settings: DesiredSettings; text: string } {
  const rest = JSON.stringify([
    cluster.name,
    cluster.paused,
    telemetry,
    authorities ?? null,
    ...pauses,
  ]);
  const known = composed && knownTexts.get(composed.probes);
  if (known?.rest === rest && known.members === composed?.members) return known;
  const settings = settingsOf(
    cluster,
    composed,
    pauses,
    telemetry,
    authorities,
  );
  const made = { settings, text: canonicalJson(settings) };
  if (composed) {
    const { members } = composed;
    knownTexts.set(composed.probes, { ...made, members, rest });
  }
  return made;
}

function ofCluster(
  weights: ReadonlyMap<string, number>,
  clusterId: string,
): [string, number][] {
  return [...weights]
    .filter(([key]) => key.startsWith(`${clusterId}/`))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Writes the head of a cluster's delivery: number, settings, digest, served
 * hosts and weights; only what changed. The number grows when the controller
 * has to hear of something.
 */
export async function writeHead(
  trx: Knex,
  cluster: ClusterInput,
  draft: DeliveryDraft,
  next: {
    composed: ComposedCluster | undefined;
    served: ReadonlySet<string>;
    weights: ReadonlyMap<string, number>;
    weightsBefore: ReadonlyMap<string, number>;
    pauses: ReadonlySet<string>;
    telemetry: CollectionPlan;
    authorities: DesiredSettings['authorities'];
  },
): Promise<{
  delivery: ClusterDelivery;
  delivered: boolean;
  written: boolean;
}> {
  const { settings, text: settingsText } = settingsWithText(
    cluster,
    next.composed,
    next.pauses,
    next.telemetry,
    next.authorities,
  );
  const delivered = draft.delivered || settingsText !== draft.before.settings;
  const n = delivered ? draft.n : draft.before.n;
  const servedChanged =
    next.served.size !== draft.before.served.size ||
    [...next.served].some(host => !draft.before.served.has(host));
  if (delivered) {
    await trx('gns_clusters')
      .where({ id: cluster.id })
      .update({
        desired_n: n,
        settings: settingsText,
        digest: digestOf(
          draft.objects,
          openTombstones(draft.tombstones),
          settings,
        ),
      });
  }
  const own = ofCluster(next.weights, cluster.id);
  const headChanged =
    servedChanged ||
    JSON.stringify(own) !==
      JSON.stringify(ofCluster(next.weightsBefore, cluster.id));
  if (headChanged) {
    await trx('gns_clusters')
      .where({ id: cluster.id })
      .update({
        served: JSON.stringify([...next.served].sort()),
        weights: JSON.stringify(own),
      });
  }
  return {
    delivered,
    written: delivered || headChanged,
    delivery: {
      n,
      objects: draft.objects,
      tombstones: draft.tombstones,
      settings: delivered ? settingsText : draft.before.settings,
      served: next.served,
    },
  };
}
