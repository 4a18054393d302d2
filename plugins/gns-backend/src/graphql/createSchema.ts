import { InputError } from '@backstage/errors';
import { formatRef, refOf, type SloState } from '@isthmus/plugin-gns-common';
import type { GraphQLSchema } from 'graphql';
import { selectSlos } from '../slo/selectSlos';
import { costs, createBuilder } from './builder';
import { connectionOf, pageLength, type PageArgs } from './connections';
import { addClusterTypes } from './types/clusters';
import { addCommonTypes } from './types/common';
import { addDefinitionTypes } from './types/definitions';
import { addFigureTypes } from './types/figures';
import { addGlobalNamespaceTypes } from './types/globalNamespaces';
import { addResourceTypes } from './types/resources';
import { addSeriesTypes } from './types/series';
import { addSloTypes } from './types/slos';
import { addTopologyTypes } from './types/topology';

const MOST = 1000;
/** Work of one list. */
const LIST = 100;

const page = costs(args => ({
  own: LIST,
  items: pageLength(args as PageArgs, MOST),
}));

/** All that can be asked. */
export function createSchema(): GraphQLSchema {
  const builder = createBuilder();
  const common = addCommonTypes(builder);
  const figures = addFigureTypes(builder, common);
  const series = addSeriesTypes(builder, figures);
  const topology = addTopologyTypes(builder, { ...common, ...figures, series });
  const slos = addSloTypes(builder, figures);
  const { Cluster, TelemetryStatus } = addClusterTypes(builder, common);
  const Definition = addDefinitionTypes(builder);
  const GlobalNamespace = addGlobalNamespaceTypes(builder, {
    ...common,
    ...figures,
    ...slos,
    series,
    topology,
    resources: addResourceTypes(builder, common),
  });

  builder.queryType({
    description:
      'What the hub knows, under the same permissions as REST. Null is unknown, 0 is zero. Rates are per second, shares 0–1, durations milliseconds.',
    fields: t => ({
      globalNamespaces: t.connection({
        type: GlobalNamespace,
        description: 'Those that you may read, by name.',
        extensions: page,
        resolve: async (_, args, { caller }) =>
          connectionOf(await caller.globalNamespaces(), args, {
            keyOf: gns => gns.name,
            most: MOST,
          }),
      }),
      globalNamespace: t.field({
        type: GlobalNamespace,
        nullable: true,
        args: { name: t.arg.string({ required: true }) },
        extensions: costs(() => ({ own: LIST })),
        resolve: (_, { name }, { caller }) => caller.globalNamespace(name),
      }),
      slos: t.connection({
        type: slos.Slo,
        description: 'Those that you may read, worst first.',
        args: {
          globalNamespace: t.arg.string(),
          service: t.arg.string({ description: 'With `globalNamespace`.' }),
          owners: t.arg.stringList(),
          states: t.arg({ type: [slos.SloState] }),
          text: t.arg.string(),
        },
        extensions: page,
        resolve: async (_, args, { caller }) =>
          connectionOf(
            selectSlos(await caller.slos(), selectionOf(args)),
            args,
            { keyOf: s => `${s.gns}/${s.name}`, most: MOST },
          ),
      }),
      slo: t.field({
        type: slos.Slo,
        nullable: true,
        args: {
          globalNamespace: t.arg.string({ required: true }),
          name: t.arg.string({ required: true }),
        },
        extensions: costs(() => ({ own: LIST })),
        resolve: (_, { globalNamespace, name }, { caller }) =>
          caller.slo(globalNamespace, name),
      }),
      definitions: t.connection({
        type: Definition,
        description: 'By kind, global namespace and name.',
        args: {
          kind: t.arg.string(),
          globalNamespace: t.arg.string(),
        },
        extensions: page,
        resolve: async (_, { kind, globalNamespace, ...args }, { caller }) =>
          connectionOf(
            await caller.definitions({
              ...(kind ? { kind } : {}),
              ...(globalNamespace ? { gns: globalNamespace } : {}),
            }),
            args,
            { keyOf: r => formatRef(refOf(r.definition)), most: MOST },
          ),
      }),
      clusters: t.connection({
        type: Cluster,
        nullable: true,
        description: 'Member clusters, by name. Needs gns.cluster.read.',
        extensions: page,
        resolve: async (_, args, { caller }) =>
          connectionOf(await caller.clusters(), args, {
            keyOf: c => c.name,
            most: MOST,
          }),
      }),
      telemetry: t.field({
        type: TelemetryStatus,
        nullable: true,
        description: 'The telemetry store. Needs gns.cluster.read.',
        extensions: costs(() => ({ own: LIST })),
        resolve: (_, _args, { caller }) => caller.telemetry(),
      }),
    }),
  });
  return builder.toSchema();
}

function selectionOf(args: {
  globalNamespace?: string | null;
  service?: string | null;
  owners?: readonly string[] | null;
  states?: readonly SloState[] | null;
  text?: string | null;
}) {
  const { globalNamespace, service, owners, states, text } = args;
  if (service && !globalNamespace) {
    throw new InputError(
      'service: it is not clear of which global namespace. Write globalNamespace too',
    );
  }
  return {
    gns: globalNamespace ?? undefined,
    services:
      service && globalNamespace
        ? [{ gns: globalNamespace, service }]
        : undefined,
    owners: owners?.map(o => o.toLowerCase()),
    states: states ?? undefined,
    text: text ?? undefined,
  };
}
