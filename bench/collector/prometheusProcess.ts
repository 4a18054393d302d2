/**
 * A Prometheus with the answers of a large cluster: each service is called by
 * one workload and tells of it as a server, a tenth of them with failures,
 * with all the buckets that are asked for. The answers are made once and sent gzipped, as Prometheus does.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { DEFAULT_LATENCY_EDGES_MS } from '../../plugins/gns-common/src/contract/telemetry';
import {
  EDGE,
  EDGE_LABELS,
} from '../../packages/controller/src/collector/promql/queries';
import { serve } from '../processes/childProcess';

const TIME = '@time@';
let asked = 0;

function edgeLabels(i: number, reporter: string) {
  const service = `service-${i}`;
  const caller = `service-${(i * 7) % 1000}`;
  const namespace = `team-${i % 50}`;
  const names: Record<string, string> = {
    reporter,
    source_cluster: 'here',
    source_workload_namespace: `team-${((i * 7) % 1000) % 50}`,
    source_workload: caller,
    source_canonical_service: caller,
    source_canonical_revision: 'v1',
    destination_cluster: 'here',
    destination_workload_namespace: namespace,
    destination_workload: service,
    destination_canonical_service: service,
    destination_canonical_revision: 'v1',
    destination_service: `${service}.shop.gns.example`,
    destination_service_name: `${service}.shop.gns.example`,
    destination_service_namespace: namespace,
    request_protocol: 'http',
  };
  return { [EDGE]: EDGE_LABELS.map(name => names[name]).join('\n') };
}

const REPORTERS = ['source', 'destination'];

function answers(services: number) {
  const vector = (items: { metric: object; value: number }[]) =>
    JSON.stringify({
      status: 'success',
      data: {
        resultType: 'vector',
        result: items.map(({ metric, value }) => ({
          metric,
          value: [TIME, String(value)],
        })),
      },
    });
  const edges = Array.from({ length: services }, (_, i) => i).flatMap(i =>
    REPORTERS.map(reporter => ({
      i,
      reporter,
      metric: edgeLabels(i, reporter),
    })),
  );
  const failing = (i: number) => i % 10 === 0;
  const counts = edges.flatMap(({ i, reporter, metric }) =>
    (failing(i) ? ['200', '503'] : ['200']).map(code => ({
      metric: {
        ...metric,
        connection_security_policy:
          reporter === 'source' ? 'unknown' : 'mutual_tls',
        response_code: code,
        isthmus_part: 'requests',
      },
      value: 100 + i,
    })),
  );
  const bounds = [...DEFAULT_LATENCY_EDGES_MS.map(String), '+Inf'];
  const durations = edges.flatMap(({ i, metric }) => [
    { metric: { ...metric, isthmus_part: 'sum' }, value: 1000 + i },
    ...(failing(i) ? ['ok', 'server'] : ['ok']).flatMap(outcome =>
      bounds.map((le, b) => ({
        metric: {
          ...metric,
          isthmus_outcome: outcome,
          isthmus_part: 'buckets',
          le,
        },
        value: (100 + i) * Math.min(1, (b + 1) / 8),
      })),
    ),
  ]);
  const heartbeat = [
    ...Array.from({ length: 50 }, (_, i) => ({
      metric: {
        namespace: `team-${i}`,
        isthmus_namespace: `team-${i}`,
        isthmus_part: 'scraped',
      },
      value: 40,
    })),
    { metric: { isthmus_part: 'scrapes' }, value: 4 },
  ];
  return {
    counts: vector(counts),
    durations: vector(durations),
    heartbeat: vector(heartbeat),
    one: vector([{ metric: {}, value: 1 }]),
    series: counts.length + durations.length + heartbeat.length,
  };
}

serve({
  async start({ services }: { services: number }) {
    const texts = answers(services);
    const zipped = new Map<string, Buffer>();
    const server = createServer((request, response) => {
      // The collectors' time is their own: no clock of ours shall correct it.
      response.sendDate = false;
      const chunks: Buffer[] = [];
      request.on('data', chunk => chunks.push(chunk));
      request.on('end', () => {
        asked += 1;
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        const query = form.get('query') ?? '';
        const time = form.get('time') ?? '';
        let part: keyof typeof texts = 'durations';
        if (query.startsWith('slo:')) part = 'one';
        else if (query.includes('"scraped"')) part = 'heartbeat';
        else if (query.includes('"requests"')) part = 'counts';
        const key = `${part} ${time}`;
        let body = zipped.get(key);
        if (!body) {
          if (zipped.size > 12) zipped.clear();
          body = gzipSync(String(texts[part]).replaceAll(`"${TIME}"`, time), {
            level: 1,
          });
          zipped.set(key, body);
        }
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        });
        response.end(body);
      });
    });
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    return {
      port: (server.address() as AddressInfo).port,
      series: texts.series,
    };
  },
  async asked() {
    return asked;
  },
});
