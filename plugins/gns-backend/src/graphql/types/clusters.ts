import type {
  Cluster as ClusterShape,
  TelemetryStatus as Status,
} from '@isthmus/plugin-gns-common';
import { GraphQLError } from 'graphql';
import type { Builder } from '../builder';
import type { CommonTypes } from './common';

/** Whole numbers beyond 32 bits are floats in GraphQL. */
function exact(value: number): number {
  if (!Number.isSafeInteger(value)) {
    throw new GraphQLError(`${value} cannot be told exactly`);
  }
  return value;
}

/** Member clusters, and the telemetry store that they feed. */
export function addClusterTypes(
  builder: Builder,
  { Freshness, Condition }: CommonTypes,
) {
  const Cluster = builder.objectRef<ClusterShape>('Cluster').implement({
    description: 'A member cluster.',
    fields: t => ({
      name: t.exposeString('name'),
      title: t.exposeString('title', { nullable: true }),
      labels: t.field({ type: 'JSON', resolve: c => c.labels }),
      state: t.exposeString('state', {
        description: '`waiting`, `enrolled` or `disconnecting`.',
      }),
      freshness: t.expose('freshness', { type: Freshness }),
      lastSeenAt: t.expose('lastSeenAt', { type: 'DateTime', nullable: true }),
      simulated: t.exposeBoolean('simulated'),
      paused: t.exposeBoolean('paused'),
      observed: t.boolean({
        description: 'The hub reads it itself; nothing is written to it.',
        resolve: c => c.observed === true,
      }),
      region: t.exposeString('region', { nullable: true }),
      network: t.exposeString('network', { nullable: true }),
      kubernetesVersion: t.exposeString('kubernetesVersion', {
        nullable: true,
      }),
      istioVersions: t.exposeStringList('istioVersions'),
      controllerVersion: t.exposeString('controllerVersion', {
        nullable: true,
      }),
      trustDomain: t.exposeString('trustDomain', { nullable: true }),
      conditions: t.expose('conditions', { type: [Condition] }),
    }),
  });
  const Storage = builder
    .objectRef<Status['storage'][number]>('TelemetryStorage')
    .implement({
      description: 'One resolution of one kind of stored telemetry.',
      fields: t => ({
        kind: t.exposeString('kind', {
          description: '`edges` or `increments`.',
        }),
        stepSeconds: t.exposeInt('stepSeconds'),
        retention: t.exposeString('retention', { description: 'ISO 8601.' }),
        rows: t.float({ resolve: s => exact(s.rows) }),
        bytes: t.float({ resolve: s => exact(s.bytes) }),
        oldest: t.expose('oldest', { type: 'DateTime', nullable: true }),
        newest: t.expose('newest', { type: 'DateTime', nullable: true }),
      }),
    });
  const Source = builder
    .objectRef<Status['clusters'][number]>('TelemetrySource')
    .implement({
      fields: t => ({
        cluster: t.exposeString('cluster'),
        source: t.exposeString('source', {
          description:
            "`controller`: a member's own. `observed`: the hub reads it.",
        }),
        state: t.expose('state', { type: Freshness }),
        dataAt: t.expose('dataAt', { type: 'DateTime', nullable: true }),
        sliceSeconds: t.exposeInt('sliceSeconds', { nullable: true }),
        clockSkewSeconds: t.exposeFloat('clockSkewSeconds', {
          nullable: true,
        }),
        edges: t.exposeInt('edges', { nullable: true }),
        refused: t.float({ resolve: s => exact(s.refused) }),
        lastRefusal: t.exposeString('lastRefusal', { nullable: true }),
      }),
    });
  const TelemetryStatus = builder
    .objectRef<Status>('TelemetryStatus')
    .implement({
      description: 'The telemetry store: retention, size, sources.',
      fields: t => ({
        storage: t.expose('storage', { type: [Storage] }),
        pending: t.exposeInt('pending', {
          description: 'Minutes that wait to be rolled up.',
        }),
        clusters: t.expose('clusters', { type: [Source] }),
      }),
    });
  return { Cluster, TelemetryStatus };
}
