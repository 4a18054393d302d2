import { z } from 'zod';
import { conditionSchema } from '../conditions';

/**
 * What a change means for people, one statement each. `kind` and `parameters`
 * are for whoever translates; `text` says the same in plain English. A number
 * that nobody measured is null: unknown, not zero.
 */

/** How much a statement should make its reader stop. */
export const weightSchema = z.enum(['info', 'warning', 'danger']);
export type StatementWeight = z.infer<typeof weightSchema>;

function statement<K extends string, P extends z.ZodRawShape>(
  kind: K,
  parameters: P,
) {
  return z.strictObject({
    kind: z.literal(kind),
    weight: weightSchema,
    parameters: z.strictObject(parameters),
    text: z.string(),
  });
}

const gns = z.string();
const host = z.string();
const cluster = z.string();
const namespace = z.string();
/** `<cluster>/<namespace>`. */
const places = z.array(z.string());
/** Measured calls per second; null: unknown. */
const rate = z.number().nonnegative().nullable();

export const statementSchema = z.discriminatedUnion('kind', [
  /** A host that did not exist begins to. */
  statement('serviceJoins', { gns, host, clusters: z.array(cluster) }),
  /** A host ceases to exist; `calls`: what its callers send it now. */
  statement('serviceLeaves', {
    gns,
    host,
    clusters: z.array(cluster),
    calls: rate,
  }),
  /** A host that stays is served in one more place. */
  statement('endpointJoins', { gns, host, cluster, namespace }),
  /** A host that stays is no longer served in this place. */
  statement('endpointLeaves', { gns, host, cluster, namespace }),
  statement('namespaceJoins', {
    gns,
    cluster,
    namespace,
    services: z.number(),
    /** A matcher chose it, and the write answers for it: else it would wait for approval. */
    approvedByWrite: z.boolean(),
  }),
  statement('namespaceLeaves', { gns, cluster, namespace }),
  statement('callersGain', { gns, host, callers: places }),
  statement('callersLose', { gns, host, callers: places, calls: rate }),
  /** These callers keep the host, but no cluster that they reach serves it. */
  statement('callersStranded', { gns, host, callers: places, calls: rate }),
  /** Callers keep the host and lose the server in their own cluster: their calls go abroad. */
  statement('callsGoAbroad', { gns, host, cluster, calls: rate }),
  /** The share of the calls that cross clusters, 0 to 1. */
  statement('crossClusterShare', {
    gns,
    before: z.number().min(0).max(1).nullable(),
    after: z.number().min(0).max(1).nullable(),
    /** Calls per second that it was reckoned from; null: unknown. */
    calls: rate,
    /** Why it is unknown: `notMeasured`, `stale`, `partial`. */
    why: z.string().nullable(),
  }),
  statement('addressAssigned', { gns, host, address: z.string() }),
  /** Pods that have to be restarted before the change holds for them. */
  statement('restartNeeded', {
    gns,
    cluster,
    namespace,
    workloads: z.array(z.string()),
    pods: z.number(),
    /** `dnsCapture`: they would not resolve the names. `identity`: they would keep their old certificates. */
    why: z.enum(['dnsCapture', 'identity']),
  }),
  statement('mtlsChanges', {
    gns,
    before: z.enum(['strict', 'permissive']),
    after: z.enum(['strict', 'permissive']),
  }),
  statement('authorityChanges', {
    gns,
    before: z.string(),
    after: z.string(),
  }),
  statement('conditionAppears', { condition: conditionSchema }),
  statement('conditionEnds', { condition: conditionSchema }),
  /** What this cluster would be told; `held`: it has more deletions than go unannounced, and no plan is confirmed. */
  statement('objectsChange', {
    cluster,
    create: z.number(),
    update: z.number(),
    delete: z.number(),
  }),
  /** What is said about this cluster rests on old reports. */
  statement('clusterSilent', {
    cluster,
    state: z.string(),
    dataAt: z.iso.datetime().nullable(),
  }),
  /** Nothing of it changes until it is resumed. */
  statement('paused', { gns: gns.nullable(), cluster: cluster.nullable() }),
  /** In a wave: callers there are not admitted by clusters whose turn comes later. */
  statement('notAdmittedYet', { gns, callers: places, by: z.array(cluster) }),
  /** The cluster keeps its own endpoints, and is offered to nobody else. */
  statement('drained', { cluster, hosts: z.array(host) }),
  /** The cluster no longer hears of any change. */
  statement('frozen', { cluster, globalNamespaces: z.array(gns) }),
  /** All of our objects in the cluster are deleted. */
  statement('emptied', { cluster, objects: z.number() }),
  /** The change has no effect that anybody would notice. */
  statement('nothingChanges', {}),
]);
export type Statement = z.infer<typeof statementSchema>;
export type StatementKind = Statement['kind'];
export type StatementOf<K extends StatementKind> = Extract<
  Statement,
  { kind: K }
>;

/** The numbers of the first sentence: "2 services join, 1 leaves; 3 callers lose it; 40 % of calls would cross clusters". */
export const totalsSchema = z.strictObject({
  servicesJoin: z.number(),
  servicesLeave: z.number(),
  /** Places (`<cluster>/<namespace>`) that gain or lose at least one host that stays or was there. */
  callersGain: z.number(),
  callersLose: z.number(),
  podsToRestart: z.number(),
  objectsCreate: z.number(),
  objectsUpdate: z.number(),
  objectsDelete: z.number(),
  /** 0 to 1 after the change; null: unknown. */
  crossClusterShare: z.number().min(0).max(1).nullable(),
});
export type ChangeTotals = z.infer<typeof totalsSchema>;
