import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { InputError } from '@backstage/errors';
import type { CollectingSettings } from './ClusterCollector';
import { HttpPrometheus } from './prometheus/HttpPrometheus';
import type { PrometheusConnection } from './prometheus/Prometheus';
import { labelName, metricName } from './promql/text';

/** The flags of the command line that say where traffic is measured. */
export interface PrometheusFlags {
  prometheusUrl: string[];
  prometheusTokenFile?: string;
  prometheusUsername?: string;
  prometheusPasswordFile?: string;
  prometheusHeader: string[];
  prometheusHeaderFile: string[];
  prometheusCa?: string;
  prometheusCert?: string;
  prometheusKey?: string;
  prometheusMatch: string[];
  prometheusNamespaceLabel?: string;
  prometheusHeartbeat: string[];
  prometheusReplicaLabel: string[];
  telemetryHistory: string;
}

const collect = (value: string, before: string[]) => [...before, value];

/** Adds the flags to a command. */
export function withPrometheus(command: Command): Command {
  return command
    .option(
      '--prometheus-url <url>',
      'measure traffic with this Prometheus (Thanos, Mimir, VictoriaMetrics); again for its copies, of which the first healthy one is believed',
      collect,
      [],
    )
    .option(
      '--prometheus-token-file <file>',
      'bearer token to ask it with; read for each query',
    )
    .option('--prometheus-username <name>', 'user name to ask it with')
    .option(
      '--prometheus-password-file <file>',
      'password to ask it with; read for each query',
    )
    .option(
      '--prometheus-header <name=value>',
      'header to ask it with, for example X-Scope-OrgID=eu',
      collect,
      [],
    )
    .option(
      '--prometheus-header-file <name=file>',
      'header whose value is in a file',
      collect,
      [],
    )
    .option('--prometheus-ca <file>', 'PEM of the CA of its certificate')
    .option('--prometheus-cert <file>', 'PEM of our certificate for it')
    .option('--prometheus-key <file>', 'PEM of the key of that certificate')
    .option(
      '--prometheus-match <label=value>',
      'take only series with this label: for a store of several clusters',
      collect,
      [],
    )
    .option(
      '--prometheus-namespace-label <name>',
      'label of scraped pods with their namespace',
    )
    .option(
      '--prometheus-heartbeat <metric>',
      'metric that every scraped proxy has; again for more. Default: istio_build, envoy_server_live',
      collect,
      [],
    )
    .option(
      '--prometheus-replica-label <name>',
      'label that tells copies of a series apart, in a store that keeps both',
      collect,
      [],
    )
    .option(
      '--telemetry-history <hours>',
      'how far back the hub first hears of traffic',
      '3',
    );
}

/**
 * What the flags say; undefined: nothing is measured.
 * @throws InputError when they contradict each other or a file cannot be read
 */
export async function collectingOf(
  flags: PrometheusFlags,
): Promise<CollectingSettings | undefined> {
  if (flags.prometheusUrl.length === 0) return undefined;
  const hours = Number(flags.telemetryHistory);
  if (!(hours >= 0 && hours <= 400 * 24)) {
    throw new InputError(
      `--telemetry-history ${flags.telemetryHistory}: give hours, 0 for no history, at most 9600`,
    );
  }
  const common = {
    authentication: authenticationOf(flags),
    headers: await headersOf(flags),
    tls: await tlsOf(flags),
  };
  return {
    prometheus: flags.prometheusUrl.map(url =>
      HttpPrometheus.create({ url, ...common }),
    ),
    selection: {
      match: Object.fromEntries(
        flags.prometheusMatch.map(text => {
          const [name, value] = pair('--prometheus-match', text);
          return [labelName(name), value];
        }),
      ),
      namespaceLabel:
        flags.prometheusNamespaceLabel &&
        labelName(flags.prometheusNamespaceLabel),
      heartbeat: flags.prometheusHeartbeat.map(metricName),
      replicaLabels: flags.prometheusReplicaLabel.map(labelName),
    },
    historySeconds: Math.round(hours * 3600),
  };
}

function authenticationOf(
  flags: PrometheusFlags,
): PrometheusConnection['authentication'] {
  const { prometheusTokenFile: tokenFile, prometheusUsername: username } =
    flags;
  const passwordFile = flags.prometheusPasswordFile;
  if (tokenFile && (username || passwordFile)) {
    throw new InputError(
      'Prometheus is asked with a token or with user and password: leave out --prometheus-token-file, or --prometheus-username and --prometheus-password-file',
    );
  }
  if (tokenFile) return { type: 'bearer', token: () => secretIn(tokenFile) };
  if (!username && !passwordFile) return undefined;
  if (!username || !passwordFile) {
    throw new InputError(
      '--prometheus-username and --prometheus-password-file go together',
    );
  }
  return { type: 'basic', username, password: () => secretIn(passwordFile) };
}

async function headersOf(
  flags: PrometheusFlags,
): Promise<Record<string, string>> {
  const headers = Object.fromEntries(
    flags.prometheusHeader.map(text => pair('--prometheus-header', text)),
  );
  for (const text of flags.prometheusHeaderFile) {
    const [name, file] = pair('--prometheus-header-file', text);
    headers[name] = await textIn('--prometheus-header-file', file);
  }
  return headers;
}

async function tlsOf(
  flags: PrometheusFlags,
): Promise<PrometheusConnection['tls']> {
  const { prometheusCa, prometheusCert, prometheusKey } = flags;
  if (Boolean(prometheusCert) !== Boolean(prometheusKey)) {
    throw new InputError('--prometheus-cert and --prometheus-key go together');
  }
  const pem = async (flag: string, file: string | undefined) =>
    file && (await textIn(flag, file));
  return {
    ca: await pem('--prometheus-ca', prometheusCa),
    cert: await pem('--prometheus-cert', prometheusCert),
    key: await pem('--prometheus-key', prometheusKey),
  };
}

async function secretIn(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim();
}

async function textIn(flag: string, file: string): Promise<string> {
  try {
    return await secretIn(file);
  } catch (error) {
    throw new InputError(`${flag} ${file} cannot be read`, error);
  }
}

function pair(flag: string, text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new InputError(`${flag} ${text}: write it as name=value`);
  }
  return [text.slice(0, at), text.slice(at + 1)];
}
