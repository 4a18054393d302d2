import type {
  ClusterResources as ClusterShape,
  GnsResources,
  NodeResources as NodeShape,
  ServiceResources as ServiceShape,
  WorkloadResources as WorkloadShape,
} from '@isthmus/plugin-gns-common';
import { costs, type Builder } from '../builder';
import type { CommonTypes } from './common';

/** Nodes and workloads of a cluster, to reckon with. */
const MANY = 100;

/** CPU and memory of clusters, of their nodes, and of what is of a global namespace. */
export function addResourceTypes(builder: Builder, { Freshness }: CommonTypes) {
  const Node = builder.objectRef<NodeShape>('NodeResources').implement({
    description: 'Null is unknown.',
    fields: t => ({
      name: t.exposeString('name'),
      cpuCores: t.exposeFloat('cpuCores', { nullable: true }),
      cpuCapacityCores: t.exposeFloat('cpuCapacityCores', { nullable: true }),
      memoryBytes: t.exposeFloat('memoryBytes', { nullable: true }),
      memoryCapacityBytes: t.exposeFloat('memoryCapacityBytes', {
        nullable: true,
      }),
    }),
  });
  const Total = builder
    .objectRef<NonNullable<ClusterShape['total']>>('ClusterTotal')
    .implement({
      description: 'Sums over the nodes that are known.',
      fields: t => ({
        nodes: t.exposeInt('nodes'),
        unknownNodes: t.exposeInt('unknownNodes', {
          description: 'They are missing in the sums concerned.',
        }),
        cpuCores: t.exposeFloat('cpuCores', { nullable: true }),
        cpuCapacityCores: t.exposeFloat('cpuCapacityCores', {
          nullable: true,
        }),
        memoryBytes: t.exposeFloat('memoryBytes', { nullable: true }),
        memoryCapacityBytes: t.exposeFloat('memoryCapacityBytes', {
          nullable: true,
        }),
      }),
    });
  const Members = builder
    .objectRef<NonNullable<ClusterShape['members']>>('MemberTotal')
    .implement({
      description: 'Sums over the workloads of the global namespace.',
      fields: t => ({
        pods: t.exposeInt('pods'),
        cpuCores: t.exposeFloat('cpuCores', { nullable: true }),
        memoryBytes: t.exposeFloat('memoryBytes', { nullable: true }),
      }),
    });
  const Workload = builder
    .objectRef<WorkloadShape>('WorkloadResources')
    .implement({
      fields: t => ({
        namespace: t.exposeString('namespace'),
        name: t.exposeString('name'),
        services: t.exposeStringList('services', {
          description: 'Global services that it serves.',
        }),
        pods: t.exposeInt('pods'),
        cpuCores: t.exposeFloat('cpuCores', { nullable: true }),
        memoryBytes: t.exposeFloat('memoryBytes', { nullable: true }),
      }),
    });
  const Cluster = builder
    .objectRef<ClusterShape>('ClusterResources')
    .implement({
      fields: t => ({
        cluster: t.exposeString('cluster'),
        state: t.expose('state', { type: Freshness }),
        dataAt: t.expose('dataAt', { type: 'DateTime', nullable: true }),
        reason: t.exposeString('reason', {
          nullable: true,
          description: 'Why nothing newer is known; null: it is fresh.',
        }),
        simulated: t.exposeBoolean('simulated'),
        total: t.expose('total', { type: Total, nullable: true }),
        nodes: t.expose('nodes', {
          type: [Node],
          nullable: true,
          description:
            'Null: not known, or not yours to see (gns.cluster.read).',
          extensions: costs(() => ({ items: MANY })),
        }),
        members: t.expose('members', { type: Members, nullable: true }),
        workloads: t.expose('workloads', {
          type: [Workload],
          nullable: true,
          extensions: costs(() => ({ items: MANY })),
        }),
      }),
    });
  const Part = builder
    .objectRef<ServiceShape['clusters'][number]>('ServiceResourcesPart')
    .implement({
      fields: t => ({
        cluster: t.exposeString('cluster'),
        pods: t.exposeInt('pods', { nullable: true }),
        cpuCores: t.exposeFloat('cpuCores', { nullable: true }),
        memoryBytes: t.exposeFloat('memoryBytes', { nullable: true }),
      }),
    });
  const ServiceResources = builder
    .objectRef<ServiceShape>('ServiceResources')
    .implement({
      description:
        'Sums over the clusters that are known. A workload that serves two services counts in both.',
      fields: t => ({
        service: t.exposeString('service'),
        pods: t.exposeInt('pods', { nullable: true }),
        cpuCores: t.exposeFloat('cpuCores', { nullable: true }),
        memoryBytes: t.exposeFloat('memoryBytes', { nullable: true }),
        unknownClusters: t.exposeStringList('unknownClusters', {
          description: 'They serve it, and are missing in the sums.',
        }),
        clusters: t.expose('clusters', { type: [Part] }),
      }),
    });
  type Columns = GnsResources['history']['clusters'][number];
  const History = builder.objectRef<Columns>('ResourceColumns').implement({
    description: 'Element i of each list belongs to element i of `times`.',
    fields: t => {
      const column = (name: Exclude<keyof Columns, 'cluster'>) =>
        t.expose(name, {
          type: ['Float'],
          nullable: { list: false, items: true },
        });
      return {
        cluster: t.exposeString('cluster'),
        cpuCores: column('cpuCores'),
        cpuCapacityCores: column('cpuCapacityCores'),
        memoryBytes: column('memoryBytes'),
        memoryCapacityBytes: column('memoryCapacityBytes'),
        memberCpuCores: column('memberCpuCores'),
        memberMemoryBytes: column('memberMemoryBytes'),
      };
    },
  });
  const Past = builder
    .objectRef<GnsResources['history']>('ResourceHistory')
    .implement({
      fields: t => ({
        from: t.expose('from', { type: 'DateTime' }),
        to: t.expose('to', { type: 'DateTime' }),
        stepSeconds: t.exposeInt('stepSeconds'),
        times: t.expose('times', { type: ['DateTime'] }),
        clusters: t.expose('clusters', { type: [History] }),
      }),
    });
  const Resources = builder.objectRef<GnsResources>('Resources').implement({
    fields: t => ({
      clusters: t.expose('clusters', { type: [Cluster] }),
      services: t.expose('services', {
        type: [ServiceResources],
        extensions: costs(() => ({ items: MANY })),
      }),
      history: t.expose('history', { type: Past }),
    }),
  });
  return { Resources, ServiceResources };
}
export type ResourceTypes = ReturnType<typeof addResourceTypes>;
