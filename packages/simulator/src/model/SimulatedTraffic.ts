import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiServer } from '../apiserver/server';
import { PrometheusApi } from '../prometheus/PrometheusApi';
import type { SeriesStore } from '../prometheus/promql/evaluate';
import { ClusterSeries } from '../traffic/ClusterSeries';
import { Incidents, incidentsSchema } from '../traffic/incidents';
import { ResourceSeries } from '../traffic/ResourceSeries';
import type { ShopCluster } from './shop';
import { onPort } from './onPort';

const MINUTE = 60;
/** The cluster that one incident makes silent. */
const SILENT = 'gcp-tokyo';

/**
 * What went wrong in the demo so far. A world that is new had its payments
 * slow two hours ago, so that its history has something to see.
 */
export async function openIncidents(
  stateFolder: string | undefined,
): Promise<Incidents> {
  const at = Date.now() / 1000;
  const past = [
    {
      kind: 'slow-payment' as const,
      from: at - 130 * MINUTE,
      to: at - 108 * MINUTE,
    },
  ];
  if (!stateFolder) return new Incidents(past);
  const path = join(stateFolder, 'incidents.json');
  let known = past;
  try {
    known = incidentsSchema.parse(
      JSON.parse(await readFile(path, 'utf8')),
    ) as typeof past;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new Error(
        `${path} can't be read: ${String(
          error,
        )}. Delete it to forget all incidents`,
      );
    }
  }
  const incidents = new Incidents(known);
  const save = () =>
    writeFile(path, `${JSON.stringify(incidents.all, null, 2)}\n`);
  await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  await save();
  incidents.onChange(() => {
    save().catch((error: Error) => {
      process.stderr.write(`incidents not saved: ${error.message}\n`);
    });
  });
  return incidents;
}

/** The Prometheus of a simulated cluster: living traffic, and the resources of the pods that there are. */
export async function startPrometheus(options: {
  definition: ShopCluster;
  clusters: readonly ShopCluster[];
  incidents: Incidents;
  api: ApiServer;
  port: number;
}): Promise<PrometheusApi> {
  const { definition, clusters, incidents, api } = options;
  const now = () => Date.now() / 1000;
  const traffic = new ClusterSeries(definition, clusters, incidents, now);
  const resources = new ResourceSeries({
    now,
    nodes: () => api.readAll('v1', 'Node').map(node => node.metadata.name),
    pods: () =>
      api.readAll('v1', 'Pod').map(({ metadata, spec }) => {
        const { nodeName = '', containers = [] } = (spec ?? {}) as {
          nodeName?: string;
          containers?: { name: string }[];
        };
        return {
          namespace: metadata.namespace ?? '',
          name: metadata.name,
          node: nodeName,
          containers: containers.map(c => c.name),
        };
      }),
  });
  const store: SeriesStore = {
    select: matchers => [
      ...traffic.select(matchers),
      ...resources.select(matchers),
    ],
  };
  return onPort(options.port, port =>
    PrometheusApi.start({
      store,
      port,
      isSilent: () =>
        definition.name === SILENT && incidents.isOn('silent-cluster'),
    }),
  );
}
