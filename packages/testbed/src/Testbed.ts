import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import { ensureBinaries, type Binaries } from './binaries/ensureBinaries';
import { Registration } from './cleanup/record';
import { sweepDeadTestbeds } from './cleanup/sweep';
import { Cluster } from './cluster/Cluster';
import type { ClusterOptions } from './cluster/options';
import { MOST_CLUSTERS } from './network/addresses';
import { NetworkSpace } from './network/NetworkSpace';
import { Tunnel, type Forwarding } from './network/Tunnel';
import { CertificateAuthority } from './pki/certificateAuthority';
import { Daemon } from './process/Daemon';

/** What to bring up. */
export interface TestbedOptions {
  /** `east` and `west`, each on its own network, by default. */
  clusters?: ClusterOptions[];
  /** Folder for state and logs, which then stays; a temporary one, removed at the end, by default. */
  dir?: string;
  /** Called with progress lines. */
  log?: (line: string) => void;
}

/** A process to run beside the control planes: a hub, a controller. */
export interface ProcessOptions {
  /** Also the name of its log: `<dir>/<name>.log`. */
  name: string;
  command: string;
  args: string[];
  /** Its whole environment, except PATH, which it gets when this names none. */
  env?: Record<string, string>;
  cwd?: string;
}

/**
 * Real member clusters on this machine, without containers: needs Linux and root. Everything lives in network
 * namespaces of its own; {@link close} removes it, and a watcher does when this process dies in any other way.
 */
export class Testbed {
  /**
   * Brings the clusters up, side by side: about 15 s for two once the binaries are cached. First removes what testbeds
   * of dead owners left on the machine.
   *
   * @throws Error with the remedy when this is not root, a binary cannot be had, or a process does not start
   */
  static async create(options: TestbedOptions = {}): Promise<Testbed> {
    const { log = () => undefined } = options;
    if (process.platform !== 'linux' || process.getuid?.() !== 0) {
      throw new Error(
        'the testbed makes network namespaces: run it on Linux as root',
      );
    }
    const swept = await sweepDeadTestbeds();
    if (swept.length > 0) log(`removed dead testbeds: ${swept.join(', ')}`);
    const binaries = await ensureBinaries(log);
    const registration = await Registration.open({ dir: options.dir });
    const { prefix, stateDir } = registration.record;
    try {
      const proxyBinaries = {
        pilotAgent: await share(binaries.pilotAgent, stateDir),
        envoy: await share(binaries.envoy, stateDir),
      };
      const space = await NetworkSpace.create(prefix);
      const tunnel = await Tunnel.open({
        namespace: space.controlPlane,
        socketPath: join(registration.socketDir, 'relay.sock'),
        logFile: join(stateDir, 'relay.log'),
      });
      const testbed = new Testbed({
        registration,
        binaries,
        proxyBinaries,
        space,
        tunnel,
        root: await CertificateAuthority.createRoot('common root'),
        log,
      });
      const clusters = options.clusters ?? [{ name: 'east' }, { name: 'west' }];
      await Promise.all(clusters.map(one => testbed.addCluster(one)));
      return testbed;
    } catch (error) {
      await registration.close();
      throw error;
    }
  }

  readonly #clusters = new Map<string, Cluster>();
  #indices = 0;

  private constructor(
    private readonly parts: {
      registration: Registration;
      binaries: Binaries;
      proxyBinaries: { pilotAgent: string; envoy: string };
      space: NetworkSpace;
      tunnel: Tunnel;
      root: CertificateAuthority;
      log: (line: string) => void;
    },
  ) {}

  /** Distinguishes it from others on this machine. */
  get id(): string {
    return this.parts.registration.record.id;
  }

  /** Prefix of the names of all its network namespaces. */
  get prefix(): string {
    return this.parts.registration.record.prefix;
  }

  /** Folder of state and logs. */
  get dir(): string {
    return this.parts.registration.record.stateDir;
  }

  /** Network namespace of all control planes. */
  get controlPlane(): string {
    return this.parts.space.controlPlane;
  }

  /** Paths of the binaries in use. */
  get binaries(): Binaries {
    return this.parts.binaries;
  }

  /** The root that clusters with `root: common` share, PEM. */
  get rootCertificate(): string {
    return this.parts.root.certificate;
  }

  /** In the order in which they were asked for. */
  get clusters(): Cluster[] {
    return [...this.#clusters.values()].sort((a, b) => a.index - b.index);
  }

  /** @throws Error when there is none of that name */
  cluster(name: string): Cluster {
    const found = this.#clusters.get(name);
    if (!found) {
      throw new Error(
        `no cluster ${name}; there are: ${[...this.#clusters.keys()].join(
          ', ',
        )}`,
      );
    }
    return found;
  }

  /** Brings one more cluster up. */
  async addCluster(options: ClusterOptions): Promise<Cluster> {
    const { registration, space, tunnel, root, binaries, log } = this.parts;
    if (!/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(options.name)) {
      throw new Error(
        `cluster name ${options.name}: want 1 to 32 of a-z, 0-9 and -`,
      );
    }
    if (this.#clusters.has(options.name)) {
      throw new Error(`there is a cluster ${options.name} already`);
    }
    if (this.#indices === MOST_CLUSTERS) {
      throw new RangeError(`a testbed has at most ${MOST_CLUSTERS} clusters`);
    }
    this.#indices += 1;
    const started = Date.now();
    const cluster = await Cluster.start(options, {
      index: this.#indices,
      dir: join(this.dir, options.name),
      socketDir: registration.socketDir,
      binaries,
      proxyBinaries: this.parts.proxyBinaries,
      space,
      tunnel,
      root,
    });
    this.#clusters.set(options.name, cluster);
    log(
      `cluster ${options.name} is up after ${(
        (Date.now() - started) /
        1000
      ).toFixed(1)} s`,
    );
    return cluster;
  }

  /** Adds an address to the control-plane namespace, for a hub or a controller to listen on. @returns it */
  addAddress(): Promise<string> {
    return this.parts.space.addExtraAddress();
  }

  /** Starts a process that reaches every API server, istiod and pod, as root. It ends with the testbed. */
  runInControlPlane(options: ProcessOptions): Daemon {
    return new Daemon({
      ...options,
      namespace: this.controlPlane,
      logFile: join(this.dir, `${options.name}.log`),
    }).start();
  }

  /** Makes an address inside reachable from the host, at a port of 127.0.0.1. */
  forward(host: string, port: number): Promise<Forwarding> {
    return this.parts.tunnel.forward(host, port);
  }

  /** Ends all processes and removes namespaces, files and, unless the caller named it, the folder. */
  async close(): Promise<void> {
    for (const cluster of this.clusters) cluster.close();
    await this.parts.tunnel.close();
    await this.parts.registration.close();
  }
}

/** Puts a binary where every user can run it: the cache may lie in a home that others cannot enter. */
async function share(binary: string, stateDir: string): Promise<string> {
  const shared = join(stateDir, basename(binary));
  await fs.rm(shared, { force: true });
  try {
    await fs.link(binary, shared);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await fs.copyFile(binary, shared);
  }
  return shared;
}
