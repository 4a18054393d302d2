import { z } from 'zod';
import { coverageSchema } from '../rest/schemas';

/**
 * CPU and memory, as each cluster's own Prometheus tells. Null is unknown, 0 is
 * zero; cores and bytes in use.
 */
const cores = z.number().nonnegative().nullable();
const bytes = z.number().nonnegative().nullable();

const inUse = { cpuCores: cores, memoryBytes: bytes };
const ofNodes = {
  ...inUse,
  cpuCapacityCores: cores,
  memoryCapacityBytes: bytes,
};

const nodeResourcesSchema = z.strictObject({ name: z.string(), ...ofNodes });
export type NodeResources = z.infer<typeof nodeResourcesSchema>;

const workloadResourcesSchema = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  /** Host labels of the global services that it serves. */
  services: z.array(z.string()),
  pods: z.number().int().nonnegative(),
  ...inUse,
});
export type WorkloadResources = z.infer<typeof workloadResourcesSchema>;

/** One member cluster: the whole of it, and the part that is of the global namespace. */
export const clusterResourcesSchema = coverageSchema.extend({
  /** Why nothing newer is known; absent: it is fresh. */
  reason: z.string().optional(),
  /** Sums over the nodes that are known; null: nothing is known. */
  total: z
    .strictObject({
      nodes: z.number().int().nonnegative(),
      /** Nodes of which something is not known: they are missing in the sums concerned. */
      unknownNodes: z.number().int().nonnegative(),
      ...ofNodes,
    })
    .nullable(),
  /** Null: not known, or not yours to see (`gns.cluster.read`). */
  nodes: z.array(nodeResourcesSchema).nullable(),
  /** Sums over the workloads of the global namespace; null: nothing is known. */
  members: z
    .strictObject({ pods: z.number().int().nonnegative(), ...inUse })
    .nullable(),
  /** Null: not known. */
  workloads: z.array(workloadResourcesSchema).nullable(),
});
export type ClusterResources = z.infer<typeof clusterResourcesSchema>;

const serviceResourcesSchema = z.strictObject({
  service: z.string(),
  /** Sums over the clusters that are known; null: none is. A workload that serves two services counts in both. */
  pods: z.number().int().nonnegative().nullable(),
  ...inUse,
  /** They serve it, and are missing in the sums. */
  unknownClusters: z.array(z.string()),
  clusters: z.array(
    z.strictObject({
      cluster: z.string(),
      pods: z.number().int().nonnegative().nullable(),
      ...inUse,
    }),
  ),
});
export type ServiceResources = z.infer<typeof serviceResourcesSchema>;

const column = z.array(z.number().nonnegative().nullable());

export const gnsResourcesSchema = z.strictObject({
  gns: z.string(),
  clusters: z.array(clusterResourcesSchema),
  services: z.array(serviceResourcesSchema),
  /** Columns: element i of every list belongs to `times[i]`. */
  history: z.strictObject({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    stepSeconds: z.number().int().positive(),
    /** Start of each step. */
    times: z.array(z.iso.datetime()),
    clusters: z.array(
      z.strictObject({
        cluster: z.string(),
        cpuCores: column,
        cpuCapacityCores: column,
        memoryBytes: column,
        memoryCapacityBytes: column,
        /** Of the global namespace alone. */
        memberCpuCores: column,
        memberMemoryBytes: column,
      }),
    ),
  }),
});
export type GnsResources = z.infer<typeof gnsResourcesSchema>;
