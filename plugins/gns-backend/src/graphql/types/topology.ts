import { InputError } from '@backstage/errors';
import {
  TRAFFIC_LEVELS,
  TRAFFIC_WINDOWS_SECONDS,
  trafficEdgeSchema,
  trafficNodeKindSchema,
  trafficProtocolSchema,
  type Traffic,
  type TrafficLevel,
  type TrafficEdge,
  type TrafficNode,
} from '@isthmus/plugin-gns-common';
import { edgeSubject } from '../../telemetry/topology/subject';
import { costs, type Builder, type GraphqlContext } from '../builder';
import { connectionOf, pageLength, type PageArgs } from '../connections';
import type { CommonTypes } from './common';
import type { FigureTypes } from './figures';
import type { SeriesTypes } from './series';

/** Most nodes or edges of one page. */
export const MOST_OF_PICTURE = 5000;
/** As REST: what a picture has at most. */
const MAX_EDGES = 20_000;
/** Work of a picture that was not drawn before. */
const PICTURE = 5000;

/** @throws InputError */
export function readWindow(window: number): number {
  if (!TRAFFIC_WINDOWS_SECONDS.some(w => w === window)) {
    throw new InputError(
      `window: ${window} s is none. Write one of ${TRAFFIC_WINDOWS_SECONDS.join(
        ', ',
      )}`,
    );
  }
  return window;
}

/** A picture with its nodes at hand. */
interface Picture {
  readonly traffic: Traffic;
  readonly nodes: ReadonlyMap<string, TrafficNode>;
}

/** Who calls whom: nodes, edges, and how much of it is known. */
export function addTopologyTypes(
  builder: Builder,
  types: CommonTypes & FigureTypes & { series: SeriesTypes },
) {
  const { Health, Figures, TelemetryCoverage, series } = types;
  const Level = builder.enumType('TopologyLevel', {
    description: 'Who is a node of the picture.',
    values: TRAFFIC_LEVELS,
  });
  const NodeKind = builder.enumType('TopologyNodeKind', {
    description:
      '`outside`: callers without a proxy. `foreign`: with a proxy, in no or another global namespace. `external`: hosts that are no service of this one.',
    values: trafficNodeKindSchema.options,
  });
  const Protocol = builder.enumType('Protocol', {
    values: trafficProtocolSchema.options,
  });
  const ReportedBy = builder.enumType('ReportedBy', {
    description:
      'Who counted the requests. `serverFallback`: the cluster of the caller is silent, so its calls are as the servers saw them.',
    values: trafficEdgeSchema.shape.reportedBy.options,
  });

  const Node = builder
    .objectRef<{ node: TrafficNode; gns: string }>('TopologyNode')
    .implement({
      fields: t => ({
        id: t.id({ description: 'Stable over time.', resolve: p => p.node.id }),
        kind: t.field({ type: NodeKind, resolve: p => p.node.kind }),
        label: t.string({ resolve: p => p.node.label }),
        cluster: t.string({
          nullable: true,
          description: 'Null: in no cluster that is known.',
          resolve: p => p.node.cluster,
        }),
        namespace: t.string({ nullable: true, resolve: p => p.node.namespace }),
        parent: t.id({
          nullable: true,
          description: 'Id of the box around it.',
          resolve: p => p.node.parent,
        }),
        health: t.field({ type: Health, resolve: p => p.node.health }),
        host: t.string({ nullable: true, resolve: p => p.node.host }),
        service: t.string({ nullable: true, resolve: p => p.node.service }),
        services: t.stringList({
          nullable: true,
          description: 'Of workloads: the global services that it serves.',
          resolve: p => p.node.services,
        }),
        workload: t.string({ nullable: true, resolve: p => p.node.workload }),
        version: t.string({ nullable: true, resolve: p => p.node.version }),
        ready: t.int({
          nullable: true,
          description: 'Ready pods that speak mTLS; null: unknown.',
          resolve: p => p.node.ready,
        }),
        pods: t.int({
          nullable: true,
          description: 'All pods; null: unknown.',
          resolve: p => p.node.pods,
        }),
        otherGlobalNamespace: t.string({
          nullable: true,
          description: 'That it belongs to, if you may read that one.',
          resolve: p => p.node.otherGns,
        }),
        idle: t.boolean({
          nullable: true,
          description: 'No traffic within the window; null: unknown.',
          resolve: p => p.node.idle,
        }),
        inbound: t.field({ type: Figures, resolve: p => p.node.inbound }),
        outbound: t.field({ type: Figures, resolve: p => p.node.outbound }),
        series: t.field({
          type: series.Series,
          extensions: series.cost,
          args: {
            ...series.args,
            direction: t.arg({
              type: series.Direction,
              defaultValue: 'inbound',
              required: true,
            }),
          },
          resolve: ({ node, gns }, args, context) =>
            series.read(
              context,
              gns,
              {
                subject: {
                  type: 'node',
                  node: node.id,
                  direction: args.direction,
                },
                subjectId: node.id,
              },
              args,
            ),
        }),
      }),
    });

  const Bucket = builder
    .objectRef<readonly [number | null, number]>('LatencyBucket')
    .implement({
      fields: t => ({
        upToMs: t.float({
          nullable: true,
          description: 'Null: above all bounds.',
          resolve: ([edge]) => edge,
        }),
        requests: t.float({
          description: 'Per second, in this bucket alone.',
          resolve: ([, requests]) => requests,
        }),
      }),
    });

  const Edge = builder
    .objectRef<{ edge: TrafficEdge; picture: Picture }>('TopologyEdge')
    .implement({
      fields: t => {
        const end = (which: 'source' | 'target') =>
          t.field({
            type: Node,
            resolve: ({ edge, picture }) => {
              const node = picture.nodes.get(edge[which]);
              if (!node) {
                throw new Error(`${edge.id} ends at a node that is not drawn`);
              }
              return { node, gns: picture.traffic.gns };
            },
          });
        return {
          id: t.id({
            description: 'Stable over time.',
            resolve: p => p.edge.id,
          }),
          source: end('source'),
          target: end('target'),
          protocol: t.field({ type: Protocol, resolve: p => p.edge.protocol }),
          service: t.string({
            nullable: true,
            description: 'The global service that was called.',
            resolve: p => p.edge.service,
          }),
          health: t.field({ type: Health, resolve: p => p.edge.health }),
          idle: t.boolean({
            nullable: true,
            description:
              'Seen within 7 days, and silent in this window; null: not known whether it is.',
            resolve: p => p.edge.idle,
          }),
          lastSeenAt: t.field({
            type: 'DateTime',
            nullable: true,
            resolve: p => p.edge.lastSeenAt,
          }),
          crossCluster: t.boolean({ resolve: p => p.edge.crossCluster }),
          reportedBy: t.field({
            type: ReportedBy,
            resolve: p => p.edge.reportedBy,
          }),
          figures: t.field({ type: Figures, resolve: p => p.edge.figures }),
          latencyBuckets: t.field({
            type: [Bucket],
            description:
              'For readers that merge edges: quantiles do not add, buckets do.',
            extensions: costs(() => ({ items: 20 })),
            resolve: p => p.edge.latencyBuckets ?? [],
          }),
          series: t.field({
            type: series.Series,
            extensions: series.cost,
            args: series.args,
            resolve: ({ edge, picture }, args, context) =>
              series.read(
                context,
                picture.traffic.gns,
                { subject: edgeSubject(edge.id), subjectId: edge.id },
                args,
              ),
          }),
        };
      },
    });

  const Hidden = builder.objectRef<Traffic['hidden']>('HiddenParts').implement({
    description: 'Left out because of `limit`; never silently.',
    fields: t => ({
      nodes: t.exposeInt('nodes'),
      edges: t.exposeInt('edges'),
    }),
  });
  const pageCost = costs(args => ({
    items: pageLength(args as PageArgs, MOST_OF_PICTURE),
  }));
  const Topology = builder.objectRef<Picture>('Topology').implement({
    description: 'Who calls whom over a window, half-open.',
    fields: t => ({
      level: t.field({ type: Level, resolve: p => p.traffic.level }),
      from: t.field({ type: 'DateTime', resolve: p => p.traffic.from }),
      to: t.field({ type: 'DateTime', resolve: p => p.traffic.to }),
      windowSeconds: t.int({ resolve: p => p.traffic.windowSeconds }),
      stepSeconds: t.int({
        description: 'Length of the slices that it was made of.',
        resolve: p => p.traffic.stepSeconds,
      }),
      live: t.boolean({
        description: '`to` is the newest that there is.',
        resolve: p => p.traffic.live,
      }),
      nodes: t.connection({
        type: Node,
        extensions: pageCost,
        resolve: ({ traffic }, args) =>
          connectionOf(
            traffic.nodes.map(node => ({ node, gns: traffic.gns })),
            args,
            { keyOf: n => n.node.id, most: MOST_OF_PICTURE },
          ),
      }),
      edges: t.connection({
        type: Edge,
        extensions: pageCost,
        resolve: (picture, args) =>
          connectionOf(
            picture.traffic.edges.map(edge => ({ edge, picture })),
            args,
            { keyOf: e => e.edge.id, most: MOST_OF_PICTURE },
          ),
      }),
      hidden: t.field({ type: Hidden, resolve: p => p.traffic.hidden }),
      coverage: t.field({
        type: [TelemetryCoverage],
        resolve: p => p.traffic.coverage,
      }),
      generatedAt: t.field({
        type: 'DateTime',
        resolve: p => p.traffic.generatedAt,
      }),
    }),
  });

  const args = builder.args(t => ({
    window: t.int({
      defaultValue: 300,
      required: true,
      description: `Seconds: ${TRAFFIC_WINDOWS_SECONDS.join(', ')}.`,
    }),
    at: t.field({
      type: 'DateTime',
      description:
        'End of the window, for the past: 3 hours back by minutes, 7 days by quarters of an hour; by default the newest.',
    }),
    level: t.field({ type: Level, defaultValue: 'service', required: true }),
    service: t.string({
      description: 'Only this service, its callers and what it calls.',
    }),
    limit: t.int({
      defaultValue: MAX_EDGES,
      required: true,
      description: 'Most edges, busiest first.',
    }),
  }));
  const read = async (
    context: GraphqlContext,
    gns: string,
    given: {
      window: number;
      at?: string | null;
      level: TrafficLevel;
      service?: string | null;
      limit: number;
    },
  ): Promise<Picture> => {
    if (given.limit < 1 || given.limit > MAX_EDGES) {
      throw new InputError(
        `limit: ${given.limit} is not between 1 and ${MAX_EDGES}`,
      );
    }
    const traffic = await context.caller.traffic(gns, {
      window: readWindow(given.window),
      at: given.at ?? undefined,
      level: given.level,
      ...(given.service ? { service: given.service } : {}),
      limit: given.limit,
      buckets: true,
    });
    return { traffic, nodes: new Map(traffic.nodes.map(n => [n.id, n])) };
  };
  return { Topology, args, read, cost: costs(() => ({ own: PICTURE })) };
}
export type TopologyTypes = ReturnType<typeof addTopologyTypes>;
