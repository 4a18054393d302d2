/** Ten collectors in one process, as a hub with ten observed clusters has them; time runs as they sleep. */
import { gzipSync } from 'node:zlib';
import { DEFAULT_LATENCY_EDGES_MS } from '../../plugins/gns-common/src/contract/telemetry';
import { Collector } from '../../packages/controller/src/collector/Collector';
import { HttpPrometheus } from '../../packages/controller/src/collector/prometheus/HttpPrometheus';
import { cpuSeconds, serve } from '../processes/childProcess';

let url = '';
let sent = 0;
const start = Math.floor(Date.now() / 60_000) * 60_000 + 30_000;
const time = { ms: start };
let collectors: Collector[] = [];
const signal = new AbortController().signal;

serve({
  async start(options: { port: number; clusters: number }) {
    url = `http://127.0.0.1:${options.port}`;
    collectors = Array.from({ length: options.clusters }, () =>
      Collector.create({
        prometheus: [HttpPrometheus.create({ url })],
        clock: {
          now: () => time.ms,
          random: () => 1,
          sleep: async ms => {
            time.ms += ms;
          },
        },
        hubNow: () => time.ms,
        logger: {
          error: console.error,
          warn: console.error,
          info: () => {},
          debug: () => {},
        },
        plan: () => ({
          sliceSeconds: 60,
          latencyEdgesMs: [...DEFAULT_LATENCY_EDGES_MS],
          resourcesEverySeconds: 0,
        }),
        members: () => Array.from({ length: 50 }, (_, i) => `team-${i}`),
        historySeconds: 0,
        sink: async observations => {
          // What posting it costs, but for the socket.
          sent += gzipSync(JSON.stringify(observations), { level: 1 }).length;
          return {
            taken: observations.slices.length,
            refused: [],
            ignoredEdges: 0,
            wanted: [],
            hubTime: new Date(time.ms).toISOString(),
          };
        },
      }),
    );
  },
  /** One minute of all clusters; CPU seconds that it took. */
  async minute() {
    const before = cpuSeconds();
    time.ms += 60_000;
    for (const collector of collectors) {
      await collector.step(signal);
      await collector.step(signal);
    }
    const { lastRound } = collectors[0].status();
    return {
      cpu: cpuSeconds() - before,
      failure: lastRound?.failure?.message,
      series: lastRound?.series ?? 0,
      queries: lastRound?.queries ?? 0,
      rss: process.memoryUsage().rss,
      sent,
    };
  },
  /** The peer: two queries for each SLO, good and total, of one cluster. */
  async perSlo({ slos }: { slos: number }) {
    const prometheus = HttpPrometheus.create({ url });
    const before = cpuSeconds();
    const at = Math.floor(time.ms / 60_000) * 60;
    for (let i = 0; i < slos * 2; i += 1) {
      await prometheus.query(`slo:${i}`, { from: at, to: at, step: 60 });
    }
    await prometheus.close();
    return cpuSeconds() - before;
  },
});
