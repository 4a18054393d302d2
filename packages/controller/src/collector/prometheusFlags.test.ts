import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  collectingOf,
  withPrometheus,
  type PrometheusFlags,
} from './prometheusFlags';

async function parse(...argv: string[]) {
  let flags: PrometheusFlags | undefined;
  await withPrometheus(new Command())
    .exitOverride()
    .action(given => {
      flags = given;
    })
    .parseAsync(argv, { from: 'user' });
  return collectingOf(flags!);
}

describe('the flags for Prometheus', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flags-'));
    await writeFile(join(folder, 'secret'), 'a-secret\n');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('measure nothing without an address', async () => {
    expect(await parse()).toBeUndefined();
  });

  it('name copies, a selection and credentials', async () => {
    const secret = join(folder, 'secret');
    const collecting = await parse(
      '--prometheus-url=http://a:9090',
      '--prometheus-url=http://b:9090/prom',
      `--prometheus-token-file=${secret}`,
      '--prometheus-header=X-Scope-OrgID=eu=1',
      `--prometheus-header-file=X-Key=${secret}`,
      '--prometheus-match=cluster=a"b',
      '--prometheus-heartbeat=envoy_server_live',
      '--prometheus-replica-label=replica',
      '--prometheus-namespace-label=kubernetes_namespace',
      '--telemetry-history=24',
    );
    expect(collecting).toMatchObject({
      prometheus: [{ name: 'http://a:9090' }, { name: 'http://b:9090/prom' }],
      selection: {
        match: { cluster: 'a"b' },
        namespaceLabel: 'kubernetes_namespace',
        heartbeat: ['envoy_server_live'],
        replicaLabels: ['replica'],
      },
      historySeconds: 86_400,
    });
    await Promise.all(collecting!.prometheus.map(p => p.close()));
  });

  it.each([
    [['--prometheus-token-file=x', '--prometheus-username=u'], /leave out/],
    [['--prometheus-username=u'], /go together/],
    [['--prometheus-cert=x'], /go together/],
    [['--prometheus-ca=none-such'], /cannot be read/],
    [['--prometheus-match=a'], /name=value/],
    [['--prometheus-match=a-b=c'], /no name of a label/],
    [['--prometheus-heartbeat=up{}'], /no name of a metric/],
    [['--telemetry-history=-1'], /give hours/],
  ])('refuse %p', async (argv, message) => {
    await expect(parse('--prometheus-url=http://a', ...argv)).rejects.toThrow(
      message,
    );
  });
});
