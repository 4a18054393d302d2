import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { Traffic } from '@isthmus/plugin-gns-common';
import type { TrafficView } from '../../telemetry/topology/TrafficView';
import type { OutsideCaller, OutsideCallers } from './types';

/** Seconds of traffic in which a caller shows itself. */
const WINDOW = 3600;
/** Calls between workloads that are looked at; more of them leave callers unknown. */
const MOST_EDGES = 20_000;
/** Less than this share of the window known in one cluster: somebody may call unseen. */
const LEAST_KNOWN = 0.5;

/**
 * Who calls members and is none, by what was measured. Callers without a proxy
 * are left out: they have no certificate, and no authority changes their lot.
 * Pure.
 *
 * @param clusterIds - ids by name of the cluster
 */
export function outsideCallersOf(
  {
    coverage,
    nodes,
    edges,
    hidden,
  }: Pick<Traffic, 'coverage' | 'nodes' | 'edges' | 'hidden'>,
  clusterIds: ReadonlyMap<string, string>,
): OutsideCallers {
  if (coverage.every(c => c.dataAt === undefined)) {
    return { type: 'unknown', reason: 'No cluster has measured traffic yet.' };
  }
  const silent = coverage.filter(c => c.known < LEAST_KNOWN);
  if (silent.length > 0) {
    return {
      type: 'unknown',
      reason: `Too little is known of the last hour in ${silent
        .map(c => c.cluster)
        .join(', ')}.`,
    };
  }
  if (hidden.edges > 0) {
    return {
      type: 'unknown',
      reason: `There are more callers than can be looked at: ${hidden.edges} calls were left out.`,
    };
  }
  const nodeOf = new Map(nodes.map(n => [n.id, n]));
  const callers = new Map<string, OutsideCaller>();
  for (const { source, target } of edges) {
    const from = nodeOf.get(source);
    const to = nodeOf.get(target);
    if (from?.kind !== 'foreign' && from?.kind !== 'gateway') continue;
    const clusterId = clusterIds.get(to?.cluster ?? '');
    if (to?.kind !== 'workload' || clusterId === undefined) continue;
    const caller: OutsideCaller = {
      cluster: from.cluster ?? '-',
      namespace: from.namespace ?? '-',
      workload: from.workload ?? from.label,
      calls: { clusterId, namespace: to.namespace ?? '' },
    };
    callers.set(JSON.stringify(caller), caller);
  }
  return { type: 'known', callers: [...callers.values()] };
}

/** Reads who calls from outside; what cannot be read is unknown, and nothing is thrown. */
export async function readOutsideCallers(
  gns: string,
  options: {
    view: Pick<TrafficView, 'traffic'>;
    clusterIds: ReadonlyMap<string, string>;
    logger: LoggerService;
  },
): Promise<OutsideCallers> {
  try {
    return outsideCallersOf(
      await options.view.traffic(gns, {
        window: WINDOW,
        level: 'workload',
        limit: MOST_EDGES,
        buckets: false,
      }),
      options.clusterIds,
    );
  } catch (error) {
    if (!(error instanceof NotFoundError)) {
      options.logger.warn(
        `Who calls ${gns} from outside could not be read; it counts as unknown`,
        error instanceof Error ? error : { error: String(error) },
      );
    }
    return { type: 'unknown', reason: 'What was measured could not be read.' };
  }
}
