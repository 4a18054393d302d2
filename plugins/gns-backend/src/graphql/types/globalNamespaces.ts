import type {
  GlobalService,
  GnsStatus,
  ServiceTraffic as ServiceTrafficShape,
  SloState as State,
  TelemetryCoverage as TelemetryCoverageShape,
} from '@isthmus/plugin-gns-common';
import { selectSlos } from '../../slo/selectSlos';
import { costs, type Builder } from '../builder';
import { connectionOf, pageLength, type PageArgs } from '../connections';
import type { CommonTypes } from './common';
import type { FigureTypes } from './figures';
import type { ResourceTypes } from './resources';
import type { SeriesTypes } from './series';
import type { SloTypes } from './slos';
import { readWindow, type TopologyTypes } from './topology';

export const MOST_SERVICES = 1000;
/** Work of the figures of all services; they are computed once in a request. */
const SERVICES = 1000;
/** Seconds of history of CPU and memory. */
const DEFAULT_RANGE = 3600;

type Types = CommonTypes &
  FigureTypes &
  SloTypes & {
    series: SeriesTypes;
    topology: TopologyTypes;
    resources: ResourceTypes;
  };

/** A service with the global namespace that it belongs to. */
interface ServiceOf {
  readonly service: GlobalService;
  readonly gns: string;
}

function addServiceTypes(builder: Builder, types: Types) {
  const { Figures, Health, TelemetryCoverage, Condition, Slo, series } = types;
  const OfCluster = builder
    .objectRef<ServiceTrafficShape['clusters'][number]>('ClusterFigures')
    .implement({
      fields: t => ({
        cluster: t.exposeString('cluster'),
        figures: t.expose('figures', { type: Figures }),
      }),
    });
  const ServiceTraffic = builder
    .objectRef<
      ServiceTrafficShape & {
        from: string;
        to: string;
        coverage: TelemetryCoverageShape[];
      }
    >('ServiceTraffic')
    .implement({
      description: 'What a service was asked for, all clusters together.',
      fields: t => ({
        from: t.expose('from', { type: 'DateTime' }),
        to: t.expose('to', { type: 'DateTime' }),
        health: t.expose('health', { type: Health }),
        figures: t.expose('figures', { type: Figures }),
        clusters: t.expose('clusters', {
          type: [OfCluster],
          description: 'By the cluster that serves.',
        }),
        callers: t.exposeInt('callers'),
        sparkline: t.expose('sparkline', {
          type: ['Float'],
          nullable: { list: false, items: true },
          description: 'Requests per second of the last 30 steps.',
        }),
        coverage: t.expose('coverage', { type: [TelemetryCoverage] }),
      }),
    });
  const Port = builder
    .objectRef<GlobalService['ports'][number]>('ServicePort')
    .implement({
      fields: t => ({
        number: t.exposeInt('number'),
        name: t.exposeString('name'),
        protocol: t.exposeString('protocol'),
      }),
    });
  const Endpoint = builder
    .objectRef<GlobalService['endpoints'][number]>('ServiceEndpoint')
    .implement({
      description: 'Where a cluster serves it.',
      fields: t => ({
        cluster: t.exposeString('cluster'),
        namespace: t.exposeString('namespace'),
        service: t.exposeString('service'),
        ready: t.exposeInt('ready', {
          nullable: true,
          description: 'Ready pods that speak mTLS; null: unknown.',
        }),
        total: t.exposeInt('total', { nullable: true }),
        published: t.exposeBoolean('published'),
        awaitingApproval: t.exposeBoolean('awaitingApproval'),
        workloads: t.exposeStringList('workloads'),
      }),
    });
  return builder.objectRef<ServiceOf>('Service').implement({
    description: 'A global service.',
    fields: t => ({
      globalNamespaceName: t.exposeString('gns'),
      name: t.string({
        description: 'Host label.',
        resolve: s => s.service.name,
      }),
      host: t.string({ resolve: s => s.service.host }),
      address: t.string({ nullable: true, resolve: s => s.service.address }),
      ports: t.field({ type: [Port], resolve: s => s.service.ports }),
      endpoints: t.field({
        type: [Endpoint],
        resolve: s => s.service.endpoints,
      }),
      callers: t.stringList({
        description: '`<cluster>/<namespace>` that can call it.',
        resolve: s => s.service.callers,
      }),
      conditions: t.field({
        type: [Condition],
        resolve: s => s.service.conditions,
      }),
      traffic: t.field({
        type: ServiceTraffic,
        nullable: true,
        description: 'Null: it was composed a moment ago.',
        args: {
          window: t.arg.int({ defaultValue: 300, required: true }),
          at: t.arg({ type: 'DateTime' }),
        },
        resolve: async ({ service, gns }, { window, at }, { caller }) => {
          const list = await caller.serviceTraffic(gns, {
            window: readWindow(window),
            at: at ?? undefined,
          });
          const found = list.items.find(i => i.service === service.name);
          const { from, to, coverage } = list;
          return found && { ...found, from, to, coverage };
        },
      }),
      series: t.field({
        type: series.Series,
        description: 'All clusters together.',
        extensions: series.cost,
        args: {
          ...series.args,
          direction: t.arg({
            type: series.Direction,
            defaultValue: 'inbound',
            required: true,
          }),
        },
        resolve: ({ service, gns }, args, context) =>
          series.read(
            context,
            gns,
            {
              subject: {
                type: 'service',
                service: service.name,
                direction: args.direction,
              },
              subjectId: service.name,
            },
            args,
          ),
      }),
      resources: t.field({
        type: types.resources.ServiceResources,
        nullable: true,
        description: 'CPU and memory; null: it was composed a moment ago.',
        resolve: async ({ service, gns }, _, { caller }) =>
          (await caller.resources(gns, DEFAULT_RANGE)).services.find(
            s => s.service === service.name,
          ),
      }),
      slos: t.field({
        type: [Slo],
        description: 'What is promised of it, worst first.',
        resolve: async ({ service, gns }, _, { caller }) =>
          selectSlos(await caller.slos(), {
            services: [{ gns, service: service.name }],
          }),
      }),
    }),
  });
}

/** Global namespaces, their services, and all that hangs on them. */
export function addGlobalNamespaceTypes(builder: Builder, types: Types) {
  const { Resources } = types.resources;
  const { Health, ClusterCoverage, Condition, Slo, SloState, topology } = types;
  const Service = addServiceTypes(builder, types);
  const Member = builder
    .objectRef<GnsStatus['members'][number]>('Member')
    .implement({
      fields: t => ({
        cluster: t.exposeString('cluster'),
        namespace: t.exposeString('namespace'),
        state: t.exposeString('state', {
          description: '`member`, `awaitingApproval`, `refused` or `conflict`.',
        }),
        services: t.exposeInt('services'),
        awaitingRestart: t.exposeInt('awaitingRestart'),
      }),
    });
  const servicesOf = (status: GnsStatus): ServiceOf[] =>
    status.globalServices.map(service => ({ service, gns: status.name }));

  return builder.objectRef<GnsStatus>('GlobalNamespace').implement({
    description: 'An isolated domain that joins services of many clusters.',
    fields: t => ({
      name: t.exposeString('name'),
      title: t.exposeString('title', { nullable: true }),
      description: t.exposeString('description', { nullable: true }),
      owner: t.exposeString('owner', { nullable: true }),
      domain: t.exposeString('domain'),
      generation: t.exposeInt('generation'),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
      paused: t.exposeBoolean('paused'),
      health: t.expose('health', { type: Health }),
      mtls: t.exposeString('mtls', {
        description: '`strict` or `permissive`.',
      }),
      holds: t.exposeInt('holds', {
        description: 'Decisions that wait for a person.',
      }),
      coverage: t.field({
        type: [ClusterCoverage],
        description: 'Its member clusters and how fresh their reports are.',
        resolve: s => s.clusters,
      }),
      members: t.expose('members', { type: [Member] }),
      conditions: t.field({
        type: [Condition],
        description: 'Also those that hold; trouble is what is not `True`.',
        resolve: s => s.allConditions,
      }),
      services: t.connection({
        type: Service,
        description: 'By name.',
        extensions: costs(args => ({
          own: SERVICES,
          items: pageLength(args as PageArgs, MOST_SERVICES),
        })),
        resolve: (status, args) =>
          connectionOf(servicesOf(status), args, {
            keyOf: s => s.service.name,
            most: MOST_SERVICES,
          }),
      }),
      service: t.field({
        type: Service,
        nullable: true,
        description: 'Null: there is none of this name.',
        args: { name: t.arg.string({ required: true }) },
        extensions: costs(() => ({ own: SERVICES })),
        resolve: (status, { name }) =>
          servicesOf(status).find(s => s.service.name === name),
      }),
      topology: t.field({
        type: topology.Topology,
        args: topology.args,
        extensions: topology.cost,
        resolve: ({ name }, args, context) =>
          topology.read(context, name, args),
      }),
      resources: t.field({
        type: Resources,
        description:
          "CPU and memory by the clusters' own Prometheus, beside those of the services.",
        args: {
          range: t.arg.int({
            defaultValue: DEFAULT_RANGE,
            required: true,
            description: 'Seconds of history.',
          }),
        },
        extensions: costs(() => ({ own: SERVICES })),
        resolve: ({ name }, { range }, { caller }) =>
          caller.resources(name, range),
      }),
      slos: t.connection({
        type: Slo,
        description: 'Worst first.',
        args: { states: t.arg({ type: [SloState] }) },
        extensions: costs(args => ({
          own: 100,
          items: pageLength(args as PageArgs, MOST_SERVICES),
        })),
        resolve: async ({ name }, { states, ...page }, { caller }) =>
          connectionOf(
            selectSlos(await caller.slos(), {
              gns: name,
              states: (states as State[] | null | undefined) ?? undefined,
            }),
            page,
            { keyOf: s => `${s.gns}/${s.name}`, most: MOST_SERVICES },
          ),
      }),
    }),
  });
}
