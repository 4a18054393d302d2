/**
 * CPU time of the collector: 1,000 services with an SLO each, in each of 10
 * clusters, a slice a minute; beside a reader that asks per SLO.
 *
 *   npm run bench -- collector
 *
 * Prometheus is a process of its own that sends answers made beforehand, so
 * that only the reading is measured. All ten clusters are collected in one process.
 */
import { rmSync } from 'node:fs';
import { BenchProcess } from './processes/childProcess';
import { COMPILED, compile } from './processes/compile';

const SLOS = 1_000;
const CLUSTERS = 10;
const MINUTES = 7;
const AIM = 0.05;

interface Minute {
  cpu: number;
  failure?: string;
  series: number;
  queries: number;
  rss: number;
  sent: number;
}

const say = (text: string) => process.stderr.write(`${text}\n`);
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

async function main() {
  const prometheus = await BenchProcess.start('collector/prometheusProcess.ts');
  const subject = await BenchProcess.start(
    await compile('collector/collectorProcess'),
  );
  try {
    const { port, series } = await prometheus.call<{
      port: number;
      series: number;
    }>('start', { services: SLOS });
    await subject.call('start', { port, clusters: CLUSTERS });
    const minutes: Minute[] = [];
    for (let i = 0; i < MINUTES; i += 1) {
      const minute = await subject.call<Minute>('minute');
      if (minute.failure) throw new Error(minute.failure);
      say(`minute ${i + 1}: ${minute.cpu.toFixed(2)} s of CPU`);
      minutes.push(minute);
    }
    const asked = await prometheus.call<number>('asked');
    // The first ones compile the code.
    const settled = minutes
      .slice(2)
      .map(m => m.cpu)
      .sort((a, b) => a - b);
    const median = settled[Math.floor(settled.length / 2)];
    const perSlo =
      (await subject.call<number>('perSlo', { slos: SLOS })) * CLUSTERS;
    const last = minutes[minutes.length - 1];
    process.stdout.write(
      [
        '',
        `${SLOS} SLOs × ${CLUSTERS} clusters, ${series} series a round and cluster`,
        `queries per Prometheus and round  ${
          asked / MINUTES / CLUSTERS
        }  (aim ≤ 3)`,
        `CPU a minute, median              ${median.toFixed(2)} s = ${percent(
          median / 60,
        )} of a core  (aim ≤ ${percent(AIM)})`,
        `best and worst                    ${settled[0].toFixed(
          2,
        )} s, ${settled[settled.length - 1].toFixed(2)} s`,
        `resident memory                   ${Math.round(
          last.rss / 1024 / 1024,
        )} MiB`,
        `sent to the hub                   ${Math.round(
          last.sent / MINUTES / CLUSTERS / 1024,
        )} KiB a slice`,
        `peer, two queries an SLO          ${perSlo.toFixed(2)} s = ${percent(
          perSlo / 60,
        )} of a core, ${SLOS * 2} queries a round`,
        '',
      ].join('\n'),
    );
  } finally {
    await subject.stop();
    await prometheus.stop();
    rmSync(COMPILED, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  say(error.message);
  process.exitCode = 1;
});
