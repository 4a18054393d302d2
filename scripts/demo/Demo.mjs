import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { ROOT } from '../toolchain/paths.mjs';
import { ProcessGroup, runToEnd } from '../toolchain/processes.mjs';
import { note, step } from '../toolchain/terminal.mjs';
import { DemoHub } from './DemoHub.mjs';
import { restartWaiting } from './restartWaiting.mjs';

/** The simulated Prometheus has all of the past: three days of it are enough to look at. */
const HISTORY_HOURS = 72;

/**
 * The demo: simulated clusters, the portal, and one real controller process
 * per cluster that enrols with a real token. Everything is done over the same
 * REST API that people use.
 */
export class Demo {
  #processes = new ProcessGroup();
  #options;
  #token = randomBytes(24).toString('hex');
  #startPortal;
  #stopping = false;
  #joined;
  failure = this.#processes.failure;

  constructor(options) {
    this.#options = {
      ...options,
      state: resolve(options.state),
      /** Folder with the portal's packages and its app-config.yaml. */
      portal: options.portal ?? ROOT,
    };
  }

  /** Where the portal is opened. */
  get url() {
    return this.#options.built ? this.backendUrl : 'http://localhost:3000';
  }

  get backendUrl() {
    return `http://localhost:${this.#options.port}`;
  }

  async start() {
    const { state, env, node, yarn, built, port, portal } = this.#options;
    await refuseTakenPort(port);
    if (!built) await refuseTakenPort(3000);
    mkdirSync(join(state, 'database'), { recursive: true });
    if (built) await this.#buildOnce();

    step('Starting three simulated clusters');
    const clusters = await this.#startClusters();
    const generated = join(state, 'app-config.demo.yaml');
    writeFileSync(generated, portalConfig({ clusters, port, built }));

    step('Starting the portal');
    const portalEnv = {
      ...env,
      NODE_ENV: 'development',
      ISTHMUS_DEMO_TOKEN: this.#token,
      ISTHMUS_DEMO_DATABASE: join(state, 'database'),
      ISTHMUS_HUB_URL: this.backendUrl,
      // The log of a template's task has this level too, so that it stays at info.
      LOG_LEVEL: env.LOG_LEVEL ?? 'info',
    };
    const show = env.ISTHMUS_DEBUG ? true : line => !isInfo(line);
    const configs = [
      '--config',
      join(portal, 'app-config.yaml'),
      '--config',
      generated,
    ];
    const local = join(portal, 'app-config.local.yaml');
    if (existsSync(local) && !built) configs.push('--config', local);
    this.#startPortal = () => {
      if (built) {
        // As in production: no watching, no development server.
        this.#processes.start(
          'portal',
          node,
          [
            '--require',
            '@backstage/cli/config/nodeTransform.cjs',
            'src/index.ts',
            ...configs,
          ],
          { cwd: join(portal, 'packages/backend'), env: portalEnv, show },
        );
      } else {
        this.#processes.start(
          'portal',
          node,
          yarn('backstage-cli', 'repo', 'start', ...configs),
          {
            cwd: portal,
            env: portalEnv,
            show,
          },
        );
      }
    };
    this.#startPortal();

    const hub = new DemoHub(`${this.backendUrl}/api/gns/v1`, this.#token);
    await hub.ready();
    step('Joining the clusters');
    for (const cluster of clusters) await this.#join(hub, cluster);
    await hub.waitForClusters(clusters.map(c => c.name));
    step('Defining the global namespace "shop"');
    await hub.defineOnce(join(ROOT, 'examples/shop-gns.yaml'));
    await hub.defineOnce(join(ROOT, 'examples/shop-objectives.yaml'));
    const status = await hub.waitForServices('shop', 10);
    if (status.members.some(m => m.awaitingRestart > 0)) {
      step(
        'Restarting pods that started before the proxies resolved global names',
      );
      await restartWaiting(status.members, clusters);
    }
    step('Defining the global namespace "bank", with an authority of its own');
    await hub.defineOnce(join(ROOT, 'examples/bank-gns.yaml'));
    // Its pods are restarted one after another meanwhile: nobody has to wait for that.
    this.#joined = hub
      .giveUpUnmeasured('bank', () => this.#stopping)
      .catch(error => note(`bank: ${error.message}`));
    for (const entity of [
      'user/default/vera',
      'component/default/storefront',
    ]) {
      await hub.catalogRead(
        `${this.backendUrl}/api/catalog/entities/by-name/${entity}`,
      );
    }
  }

  async stop() {
    this.#stopping = true;
    await this.#joined;
    await this.#processes.stop();
  }

  /** Ends the portal alone: clusters and their controllers go on. */
  async stopPortal() {
    await this.#processes.stopOne('portal');
  }

  /** Starts it anew on the same database, as after an upgrade. */
  async startPortal() {
    this.#startPortal();
  }

  async #buildOnce() {
    const { env, node, yarn, portal } = this.#options;
    if (
      existsSync(join(portal, 'packages/app/dist/index.html')) &&
      !env.ISTHMUS_REBUILD
    ) {
      note('Using the bundle in packages/app/dist; delete it to build anew.');
      return;
    }
    step('Building the production bundle (a minute or two)');
    const code = await runToEnd(
      node,
      yarn(
        'workspace',
        'app',
        'build',
        '--config',
        join(portal, 'app-config.yaml'),
      ),
      {
        cwd: portal,
        env: { ...env, NODE_OPTIONS: '--max-old-space-size=4096' },
      },
    );
    if (code !== 0) throw new Error(`The bundle could not be built (${code}).`);
  }

  /** Starts the simulator; it prints one line of JSON per cluster, then goes on. */
  async #startClusters() {
    const { state, env, node } = this.#options;
    const expected = 3;
    const clusters = [];
    await new Promise((done, reject) => {
      this.failure.catch(reject);
      this.#processes.start(
        'clusters',
        node,
        [
          '--import',
          'tsx',
          'packages/simulator/src/cli.ts',
          '--state',
          join(state, 'clusters'),
        ],
        {
          cwd: ROOT,
          env,
          show: false,
          onLine: line => {
            if (!line.startsWith('{')) return;
            clusters.push(readCluster(JSON.parse(line)));
            if (clusters.length === expected) done();
          },
        },
      );
    });
    return clusters;
  }

  /** Starts a cluster's controller; registers the cluster first when the hub does not know it. */
  async #join(hub, cluster) {
    const { state, env, node } = this.#options;
    const args = [
      '--import',
      'tsx',
      'packages/controller/src/cli.ts',
      'run',
      '--hub-url',
      this.backendUrl,
      '--kubeconfig',
      cluster.kubeconfig,
      '--prometheus-url',
      cluster.prometheus,
      '--telemetry-history',
      String(HISTORY_HOURS),
      '--issuer-listen',
      cluster.issuer,
      '--istiod-address',
      cluster.istiod,
    ];
    const tokenFile = join(state, `${cluster.name}.token`);
    if (await hub.needsToken(cluster.name)) {
      const token = await hub.register(cluster);
      writeFileSync(tokenFile, token, { mode: 0o600 });
    }
    if (existsSync(tokenFile) && readFileSync(tokenFile, 'utf8'))
      args.push('--token-file', tokenFile);
    this.#processes.start(cluster.name, node, args, {
      cwd: ROOT,
      env,
      show: Boolean(env.ISTHMUS_DEBUG),
    });
  }
}

/** Whether a line of Backstage's log only informs, in colour or without. */
function isInfo(line) {
  const plain = line.replace(/\u001b\[[0-9;]*m/g, '');
  return (
    /^\S+ \S+ (info|debug) /.test(plain) || /^\{.*"level":"info"/.test(plain)
  );
}

/** Another portal on our port would answer in place of ours. */
export function refuseTakenPort(port) {
  return new Promise((done, reject) => {
    const server = createServer();
    server.once('error', error =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} is taken, perhaps by another demo. Stop what listens there, or start with: npm start -- --port <n>${
                port === 3000 ? ' --built' : ''
              }`,
            )
          : error,
      ),
    );
    server.listen(port, '127.0.0.1', () => server.close(done));
  });
}

/** What the running demo adds to app-config.yaml: ports, and the clusters that the Kubernetes plugin reads. */
function portalConfig({ clusters, port, built }) {
  const backend = `http://localhost:${port}`;
  return JSON.stringify(
    {
      app: { baseUrl: built ? backend : 'http://localhost:3000' },
      backend: {
        baseUrl: backend,
        listen: { port, host: '127.0.0.1' },
        cors: { origin: built ? backend : 'http://localhost:3000' },
        // The set-up below registers clusters over REST like everyone else; the token lives as long as this run.
        auth: {
          externalAccess: [
            {
              type: 'static',
              options: {
                token: '${ISTHMUS_DEMO_TOKEN}',
                subject: 'demo-setup',
              },
            },
          ],
        },
      },
      kubernetes: {
        serviceLocatorMethod: { type: 'multiTenant' },
        clusterLocatorMethods: [
          {
            type: 'config',
            clusters: clusters.map(c => ({
              name: c.name,
              title: `${c.title ?? c.name} (simulated)`,
              url: c.server,
              authProvider: 'serviceAccount',
              serviceAccountToken: c.readOnlyToken,
              ...(c.caData ? { caData: c.caData } : {}),
              skipMetricsLookup: true,
            })),
          },
        ],
      },
    },
    null,
    2,
  );
}

const TITLES = {
  'aws-frankfurt': 'AWS Frankfurt',
  'gcp-tokyo': 'Google Cloud Tokyo',
  'edge-osaka': 'Stores in Osaka',
};

/** What the simulator says of a cluster, with what its read-only kubeconfig holds. */
function readCluster({
  cluster,
  url,
  prometheus,
  issuer,
  istiod,
  kubeconfigs,
}) {
  const portal = JSON.parse(readFileSync(kubeconfigs.portal, 'utf8'));
  return {
    name: cluster,
    title: TITLES[cluster] ?? cluster,
    server: url,
    prometheus,
    issuer,
    istiod,
    kubeconfig: kubeconfigs.controller,
    adminKubeconfig: kubeconfigs.admin,
    readOnlyToken: portal.users[0].user.token,
    caData: portal.clusters[0].cluster['certificate-authority-data'],
  };
}
