import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  CA_PORT,
  CONTROLLER_NAME,
  CONTROLLER_NAMESPACE,
  renderControllerManifests,
} from '@isthmus/plugin-gns-common';
import {
  eventually,
  type Cluster,
  type KubeObject,
  type Testbed,
} from '../../src';
import type { Hub } from './Hub';

const REPOSITORY = resolve(__dirname, '../../../..');

/** A real controller as a process, with the credentials of its own service account and nothing more. */
export class LocalController {
  static async start(
    testbed: Testbed,
    cluster: Cluster,
    options: {
      hubUrl: string;
      token: string;
      issuing?: boolean;
      restartWorkloads?: boolean;
      args?: string[];
    },
  ): Promise<LocalController> {
    // Everything that an admin applies, except the Deployment that this process stands for.
    for (const object of renderControllerManifests({
      hubUrl: options.hubUrl,
      token: options.token,
      restartWorkloads: options.restartWorkloads,
    })) {
      if (object.kind !== 'Deployment') {
        await cluster.kube.apply(object as unknown as KubeObject);
      }
    }
    const kubeconfig = await cluster.writeKubeconfig({
      namespace: CONTROLLER_NAMESPACE,
      serviceAccount: CONTROLLER_NAME,
    });
    const tokenFile = join(cluster.dir, 'join-token');
    writeFileSync(tokenFile, options.token, { mode: 0o600 });
    const controller = new LocalController(
      testbed,
      cluster,
      kubeconfig,
      tokenFile,
      options.issuing ? await testbed.addAddress() : undefined,
      options.args ?? [],
    );
    controller.run(options.hubUrl);
    return controller;
  }

  #process?: ReturnType<Testbed['runInControlPlane']>;
  #hubUrl = '';

  private constructor(
    private readonly testbed: Testbed,
    readonly cluster: Cluster,
    private readonly kubeconfig: string,
    private readonly tokenFile: string,
    /** Where it issues certificates to workloads; undefined: nowhere. */
    private readonly issuerAddress: string | undefined,
    private readonly args: readonly string[],
  ) {}

  /** Names of the controller for the pods of its cluster. */
  get podHosts(): Record<string, string> {
    return this.issuerAddress === undefined
      ? {}
      : {
          [`${CONTROLLER_NAME}.${CONTROLLER_NAMESPACE}.svc`]:
            this.issuerAddress,
        };
  }

  get logFile(): string | undefined {
    return this.#process?.logFile;
  }

  run(hubUrl = this.#hubUrl): void {
    this.#hubUrl = hubUrl;
    this.#process = this.testbed.runInControlPlane({
      name: `controller-${this.cluster.name}`,
      command: process.execPath,
      args: [
        '--import',
        'tsx',
        'packages/controller/src/cli.ts',
        'run',
        '--hub-url',
        hubUrl,
        '--kubeconfig',
        this.kubeconfig,
        '--token-file',
        this.tokenFile,
        // Several controllers share one network namespace here.
        '--status-listen',
        '127.0.0.1:0',
        ...(this.issuerAddress === undefined
          ? []
          : [
              '--issuer-listen',
              `${this.issuerAddress}:${CA_PORT}`,
              '--istiod-address',
              `${this.cluster.address}:${CA_PORT}`,
            ]),
        ...this.args,
      ],
      cwd: REPOSITORY,
      env: { HOME: this.testbed.dir, NODE_ENV: 'production' },
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.#process?.kill(signal);
  }

  /**
   * Runs `isthmus-controller uninstall --yes` to its end, as an admin does.
   * @returns its exit code
   */
  async uninstall(): Promise<number | NodeJS.Signals> {
    await this.stop();
    return this.testbed
      .runInControlPlane({
        name: `uninstall-${this.cluster.name}`,
        command: process.execPath,
        args: [
          '--import',
          'tsx',
          'packages/controller/src/cli.ts',
          'uninstall',
          '--yes',
          '--kubeconfig',
          this.cluster.kubeconfig,
        ],
        cwd: REPOSITORY,
        env: { HOME: this.testbed.dir, NODE_ENV: 'production' },
      })
      .ended();
  }

  /** Ends it without a chance to tidy up, and starts it anew. */
  async restart(): Promise<void> {
    await this.stop('SIGKILL');
    this.run();
  }
}

/** Registers a cluster, starts its controller, and waits until the hub has heard of it. */
export async function joinCluster(
  testbed: Testbed,
  hub: Hub,
  cluster: Cluster,
  options: {
    hubUrl?: string;
    issuing?: boolean;
    restartWorkloads?: boolean;
    args?: string[];
  } = {},
): Promise<LocalController> {
  const controller = await LocalController.start(testbed, cluster, {
    ...options,
    hubUrl: options.hubUrl ?? hub.url,
    token: await hub.register(cluster.name),
  });
  await eventually(
    async () => {
      const seen = await hub.cluster(cluster.name);
      return (
        seen.lastSeenAt !== undefined &&
        seen.rootHashes.length > 0 &&
        seen.gateways.length > 0
      );
    },
    { what: `${cluster.name} joined`, timeoutMs: 60_000 },
  );
  return controller;
}
