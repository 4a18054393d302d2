import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import { collectDefaultMetrics } from 'prom-client';
import * as winston from 'winston';
import { InputError } from '@backstage/errors';
import { CONTROLLER_NAMESPACE } from '@isthmus/plugin-gns-common';
import {
  collectingOf,
  withPrometheus,
  type PrometheusFlags,
} from './collector/prometheusFlags';
import { createController } from './Controller';
import { ClockSkew } from './hub/ClockSkew';
import { HttpHub } from './hub/HttpHub';
import { KeyRotation } from './hub/KeyRotation';
import { HttpKubeApi } from './kube/HttpKubeApi';
import { loadConnection } from './kube/loadConnection';
import { Logger, messageOf } from './logging';
import { StateStore } from './state/StateStore';
import { systemClock } from './timing/Clock';
import { DEFAULT_INTERVALS } from './timing/Intervals';
import { uninstall } from './uninstall';
import { CONTROLLER_VERSION } from './version';

interface ClusterFlags {
  kubeconfig?: string;
  namespace: string;
  logLevel: string;
}

interface HubFlags extends ClusterFlags {
  hubUrl: string;
  hubCa?: string;
}

interface RunFlags extends HubFlags, PrometheusFlags {
  token?: string;
  tokenFile?: string;
  istioNamespace: string;
  statusListen?: string;
  issuerListen?: string;
  istiodAddress?: string;
  lease: boolean;
}

/** Runs the command line; the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const program = new Command('isthmus-controller')
    .description('The Isthmus local controller of one member cluster')
    .version(CONTROLLER_VERSION)
    .exitOverride();
  let code = 0;
  withPrometheus(withHub(withCluster(program.command('run'))))
    .description('Reconcile this cluster until stopped')
    .option(
      '--token <token>',
      'one-time join token; better in a file or in ISTHMUS_JOIN_TOKEN',
    )
    .option('--token-file <file>', 'file with the one-time join token')
    .option('--istio-namespace <name>', 'where istiod runs', 'istio-system')
    .option(
      '--status-listen <host:port>',
      'serve /healthz, /readyz and /metrics there',
    )
    .option(
      '--issuer-listen <host:port>',
      'issue certificates to workloads there',
    )
    .option(
      '--istiod-address <host:port>',
      'where istiod is reached, when not by its Service',
    )
    .option(
      '--no-lease',
      'do not take the lease (trials with one process only)',
    )
    .action(async (flags: RunFlags) => run(flags));
  withHub(withCluster(program.command('rekey')))
    .description(
      "Replace the controller's key at the hub now; a running controller takes it over when restarted",
    )
    .action(async (flags: HubFlags) => rekey(flags));
  withCluster(program.command('uninstall'))
    .description(
      'Remove everything of ours from the cluster: mesh objects, status, state',
    )
    .option('--yes', 'really do it', false)
    .action(async (flags: ClusterFlags & { yes: boolean }) => {
      code = await remove(flags);
    });
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`isthmus-controller: ${messageOf(error)}\n`);
    return 1;
  }
}

function withCluster(command: Command): Command {
  return command
    .option(
      '--kubeconfig <file>',
      'kubeconfig of the member cluster; default: the pod we run in',
    )
    .option(
      '--namespace <name>',
      'where state, status and lease live',
      CONTROLLER_NAMESPACE,
    )
    .option('--log-level <level>', 'error, warn, info or debug', 'info');
}

function withHub(command: Command): Command {
  return command
    .requiredOption('--hub-url <url>', "address of the portal's backend")
    .option('--hub-ca <file>', "PEM of the CA of the hub's certificate");
}

async function run(flags: RunFlags): Promise<void> {
  const logger = createLogger(flags.logLevel);
  const collecting = await collectingOf(flags);
  const kube = HttpKubeApi.create(await loadConnection(flags.kubeconfig));
  const controller = await createController({
    kube,
    hub: await hubOf(flags),
    token: await tokenOf(flags),
    namespace: flags.namespace,
    istioNamespace: flags.istioNamespace,
    statusListen: flags.statusListen,
    issuing: flags.issuerListen
      ? { listen: flags.issuerListen, istiodAddress: flags.istiodAddress }
      : undefined,
    collecting,
    lease: flags.lease,
    holder: process.env.POD_NAME,
    logger,
  });
  collectDefaultMetrics({ register: controller.metrics });
  logger.info(`isthmus-controller ${CONTROLLER_VERSION} runs`);
  const stop = () => {
    logger.info('stopping');
    controller.stop().catch(error => logger.error(messageOf(error)));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await controller.stopped;
  await Promise.all((collecting?.prometheus ?? []).map(p => p.close()));
  await kube.close();
}

async function rekey(flags: HubFlags): Promise<void> {
  const logger = createLogger(flags.logLevel);
  const kube = HttpKubeApi.create(await loadConnection(flags.kubeconfig));
  const store = StateStore.create({ kube, namespace: flags.namespace, logger });
  let identity = await store.loadIdentity();
  if (!identity) {
    throw new InputError(
      `There is no identity in namespace ${flags.namespace}: the controller has not enrolled yet`,
    );
  }
  const { url, ca } = await hubOf(flags);
  const hub = HttpHub.create({
    url,
    ca,
    clock: systemClock,
    poll: DEFAULT_INTERVALS.poll,
    skew: new ClockSkew(systemClock),
    credentials: () => identity,
  });
  try {
    await KeyRotation.create({
      hub,
      clock: systemClock,
      intervals: DEFAULT_INTERVALS,
      logger,
      identity: () => identity!,
      save: async change => {
        identity = { ...identity!, ...change };
        await store.saveIdentity(identity);
      },
    }).rekey();
  } finally {
    await hub.close();
    await kube.close();
  }
}

async function remove(flags: ClusterFlags & { yes: boolean }): Promise<number> {
  const logger = createLogger(flags.logLevel);
  if (!flags.yes) {
    throw new InputError(
      'uninstall removes all global namespaces from this cluster; stop the controller, then say --yes',
    );
  }
  const kube = HttpKubeApi.create(await loadConnection(flags.kubeconfig));
  try {
    const result = await uninstall({
      kube,
      namespace: flags.namespace,
      logger,
    });
    for (const key of result.left) {
      logger.warn(`${key} carries our label but was not made here; it stays`);
    }
    for (const { key, message } of result.failed) {
      logger.error(`${key}: ${message}`);
    }
    logger.info(
      `deleted ${result.deleted.length} objects and ${result.secrets} Secrets`,
    );
    return result.failed.length > 0 ? 1 : 0;
  } finally {
    await kube.close();
  }
}

async function hubOf(flags: HubFlags): Promise<{ url: string; ca?: string }> {
  return {
    url: flags.hubUrl,
    ca: flags.hubCa ? await readFile(flags.hubCa, 'utf8') : undefined,
  };
}

async function tokenOf(flags: RunFlags): Promise<string | undefined> {
  if (flags.token) return flags.token;
  if (flags.tokenFile) return (await readFile(flags.tokenFile, 'utf8')).trim();
  return process.env.ISTHMUS_JOIN_TOKEN?.trim() || undefined;
}

function createLogger(level: string): Logger {
  const { combine, timestamp, printf } = winston.format;
  return winston.createLogger({
    level,
    format: combine(
      timestamp(),
      printf(({ timestamp: at, level: l, message }) => `${at} ${l} ${message}`),
    ),
    transports: [
      new winston.transports.Console({ stderrLevels: ['error', 'warn'] }),
    ],
  });
}
