import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Sample } from '@isthmus/simulator';
import { HttpPrometheus } from '../prometheus/HttpPrometheus';

/** A series with its samples. */
export interface FilledSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
}

function findBinary(name: string, variable: string): string | undefined {
  const places = [
    process.env[variable],
    ...(process.env.PATH ?? '').split(delimiter).map(p => join(p, name)),
  ];
  return places.find(place => place !== undefined && existsSync(place));
}

const PROMETHEUS = findBinary('prometheus', 'ISTHMUS_PROMETHEUS');
const PROMTOOL = findBinary('promtool', 'ISTHMUS_PROMTOOL');

/** Whether there is a real Prometheus on this machine. */
export const hasPrometheus = PROMETHEUS !== undefined && PROMTOOL !== undefined;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise(done => {
    server.close(done);
  });
  return port;
}

function lineOf(labels: Readonly<Record<string, string>>, sample: Sample) {
  const { __name__: name, ...rest } = labels;
  const escape = (text: string) =>
    text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  const inside = Object.entries(rest)
    .map(([label, value]) => `${label}="${escape(value)}"`)
    .join(',');
  return `${name}{${inside}} ${sample.v} ${sample.t.toFixed(3)}`;
}

/** A real Prometheus that holds given samples, and scrapes nothing. */
export class RealPrometheus {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(
    series: readonly FilledSeries[] = [],
  ): Promise<RealPrometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'prometheus-'));
    const data = join(folder, 'data');
    if (series.length > 0) {
      const text = series.flatMap(({ labels, samples }) =>
        samples.map(sample => lineOf(labels, sample)),
      );
      const file = join(folder, 'samples');
      await writeFile(file, `${text.join('\n')}\n# EOF\n`);
      const made = spawnSync(
        PROMTOOL!,
        ['tsdb', 'create-blocks-from', 'openmetrics', file, data],
        { encoding: 'utf8' },
      );
      if (made.status !== 0) throw new Error(`promtool: ${made.stderr}`);
    }
    const config = join(folder, 'prometheus.yml');
    await writeFile(config, 'global: {}\n');
    const port = await freePort();
    const child = spawn(
      PROMETHEUS!,
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${data}`,
        '--storage.tsdb.retention.time=10y',
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    const prometheus = new RealPrometheus(
      folder,
      child,
      `http://127.0.0.1:${port}`,
    );
    await prometheus.#ready();
    return prometheus;
  }

  async #ready(): Promise<void> {
    for (let i = 0; i < 600; i += 1) {
      const answer = await fetch(`${this.url}/-/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise(done => {
        setTimeout(done, 50);
      });
    }
    throw new Error('Prometheus was not ready in 30 s');
  }

  connect(): HttpPrometheus {
    return HttpPrometheus.create({ url: this.url });
  }

  async stop(): Promise<void> {
    const gone = new Promise(done => {
      this.child.once('exit', done);
    });
    this.child.kill('SIGKILL');
    await gone;
    await rm(this.folder, { recursive: true, force: true });
  }
}
