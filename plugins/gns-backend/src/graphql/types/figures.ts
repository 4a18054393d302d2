import {
  quantileNameSchema,
  type Latency,
  type TelemetryCoverage as TelemetryCoverageShape,
  type TrafficFigures,
} from '@isthmus/plugin-gns-common';
import type { Builder } from '../builder';
import type { CommonTypes } from './common';

/** What flowed, and how much of it is known. */
export function addFigureTypes(builder: Builder, { Freshness }: CommonTypes) {
  const Quantile = builder.enumType('Quantile', {
    values: quantileNameSchema.options,
  });
  const LatencyType = builder.objectRef<Latency>('Latency').implement({
    description: 'Milliseconds, from merged histograms; null: not known.',
    fields: t => ({
      p50: t.exposeFloat('p50', { nullable: true }),
      p95: t.exposeFloat('p95', { nullable: true }),
      p99: t.exposeFloat('p99', { nullable: true }),
      mean: t.exposeFloat('mean', { nullable: true }),
      beyond: t.expose('beyond', {
        type: [Quantile],
        description:
          'Quantiles above the highest bucket edge: they stand as that edge, and are longer in truth.',
      }),
    }),
  });
  const TcpRates = builder
    .objectRef<NonNullable<TrafficFigures['tcp']>>('TcpRates')
    .implement({
      description: 'Per second.',
      fields: t => ({
        bytesToServer: t.exposeFloat('bytesToServer', { nullable: true }),
        bytesToClient: t.exposeFloat('bytesToClient', { nullable: true }),
        opened: t.exposeFloat('opened', { nullable: true }),
      }),
    });
  const Figures = builder
    .objectRef<TrafficFigures>('TrafficFigures')
    .implement({
      description:
        'What flowed along an edge, or into or out of a node. Null is unknown, 0 is zero; figures are over the part that is known.',
      fields: t => ({
        requests: t.exposeFloat('requests', {
          nullable: true,
          description: 'Per second; null also where only TCP flows.',
        }),
        errorShare: t.exposeFloat('errorShare', {
          nullable: true,
          description:
            'Of the requests, 0–1: 5xx, no response, gRPC errors of servers.',
        }),
        clientErrorShare: t.exposeFloat('clientErrorShare', {
          nullable: true,
          description: 'Of the requests, 0–1: 4xx, gRPC errors of callers.',
        }),
        disconnectedShare: t.exposeFloat('disconnectedShare', {
          nullable: true,
          description: 'Of the requests, 0–1: the caller went away first.',
        }),
        latency: t.expose('latencyMs', { type: LatencyType }),
        tcp: t.expose('tcp', {
          type: TcpRates,
          nullable: true,
          description: 'Null: no TCP was seen.',
        }),
        mtlsShare: t.exposeFloat('mtlsShare', {
          nullable: true,
          description: 'As the receiving side saw it, 0–1.',
        }),
        known: t.exposeFloat('known', {
          description: 'Share of the window that is known, 0–1.',
        }),
      }),
    });
  const TelemetryCoverage = builder
    .objectRef<TelemetryCoverageShape>('TelemetryCoverage')
    .implement({
      description: 'How far the telemetry of one cluster can be trusted here.',
      fields: t => ({
        cluster: t.exposeString('cluster'),
        state: t.expose('state', { type: Freshness }),
        dataAt: t.expose('dataAt', {
          type: 'DateTime',
          nullable: true,
          description: 'End of the newest slice that is known; null: none is.',
        }),
        known: t.exposeFloat('known', {
          description: 'Share of the window that is known, 0–1.',
        }),
        reason: t.exposeString('reason', {
          nullable: true,
          description: 'Why the newest is unknown; null: it is known.',
        }),
        unscraped: t.exposeStringList('unscraped', {
          description: 'Namespaces whose proxies nobody scraped.',
        }),
        simulated: t.exposeBoolean('simulated'),
      }),
    });
  return { Figures, TelemetryCoverage };
}
export type FigureTypes = ReturnType<typeof addFigureTypes>;
