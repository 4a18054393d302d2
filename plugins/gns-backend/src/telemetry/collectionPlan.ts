import {
  DEFAULT_LATENCY_EDGES_MS,
  durationMs,
  MAX_LATENCY_EDGES,
  type CollectionPlan,
  type ServiceLevelObjectiveSpec,
} from '@isthmus/plugin-gns-common';

/** CPU and memory change slowly: asked for every fifth round. */
const RESOURCES_EVERY_SECONDS = 300;

/** Thresholds that objectives compare durations with, milliseconds. */
function thresholdsOf(spec: ServiceLevelObjectiveSpec): number[] {
  return spec.objectives.flatMap(({ indicator }) =>
    'threshold' in indicator ? [durationMs(indicator.threshold)] : [],
  );
}

/**
 * What every cluster shall measure: the usual latency edges and those that
 * objectives need, as far as there is room. Edges that no proxy has cost nothing.
 */
export function collectionPlan(
  objectives: readonly ServiceLevelObjectiveSpec[],
): CollectionPlan {
  const wanted = [...new Set(objectives.flatMap(thresholdsOf))]
    .filter(edge => edge > 0 && edge <= 3_600_000)
    .sort((a, b) => a - b);
  const edges = [...new Set([...DEFAULT_LATENCY_EDGES_MS, ...wanted])];
  return {
    sliceSeconds: 60,
    latencyEdgesMs: edges.slice(0, MAX_LATENCY_EDGES).sort((a, b) => a - b),
    resourcesEverySeconds: RESOURCES_EVERY_SECONDS,
  };
}
