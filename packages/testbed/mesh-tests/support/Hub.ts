import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Cluster,
  GnsStatus,
  Hold,
  JoinToken,
  StoredDefinition,
  WriteResult,
} from '@isthmus/plugin-gns-common';
import { eventually, type Forwarding, type Testbed } from '../../src';

const PORT = 7007;
const TOKEN = 'mesh-test-token-0123456789abcdef';

/** A real hub as a process beside the control planes, driven over REST. */
export class Hub {
  static async start(testbed: Testbed, name = 'hub'): Promise<Hub> {
    const address = await testbed.addAddress();
    const hub = new Hub(
      testbed,
      name,
      address,
      await testbed.forward(address, PORT),
    );
    hub.run();
    await hub.ready();
    return hub;
  }

  #process?: ReturnType<Testbed['runInControlPlane']>;

  private constructor(
    private readonly testbed: Testbed,
    private readonly name: string,
    private readonly address: string,
    private readonly forwarding: Forwarding,
  ) {}

  /** As controllers inside the testbed dial it. */
  get url(): string {
    return `http://${this.address}:${PORT}`;
  }

  get database(): string {
    return join(this.testbed.dir, `${this.name}-database`);
  }

  /** Starts the process on its database; see {@link stop}. */
  run(): void {
    mkdirSync(this.database, { recursive: true });
    const config = join(this.testbed.dir, `${this.name}.json`);
    writeFileSync(
      config,
      JSON.stringify({
        backend: {
          baseUrl: this.url,
          listen: { host: this.address, port: PORT },
          database: {
            client: 'better-sqlite3',
            connection: { directory: this.database },
          },
          auth: {
            externalAccess: [
              {
                type: 'static',
                options: { token: TOKEN, subject: 'mesh-test' },
              },
            ],
          },
        },
        permission: { enabled: false },
        gns: { hubUrl: this.url },
      }),
    );
    this.#process = this.testbed.runInControlPlane({
      name: this.name,
      command: process.execPath,
      args: [
        '--require',
        require.resolve('@backstage/cli/config/nodeTransform.cjs'),
        require.resolve('./hubMain.ts'),
        '--config',
        config,
      ],
      cwd: join(__dirname, '../../../backend'),
      env: {
        NODE_ENV: 'development',
        LOG_LEVEL: 'info',
        HOME: this.testbed.dir,
      },
    });
  }

  async ready(): Promise<void> {
    await eventually(
      async () => {
        await this.#process?.assertRunning();
        return (await this.send('GET', '/hub')).ok;
      },
      { what: 'the hub answers', timeoutMs: 90_000, intervalMs: 250 },
    );
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.#process?.kill(signal);
  }

  /** Keeps a copy of the stopped hub's database, to come back as an older backup. */
  backUp(to: string): void {
    cpSync(this.database, join(this.testbed.dir, to), { recursive: true });
  }

  /** Replaces the stopped hub's database: by a backup, or by nothing. */
  restore(from?: string): void {
    rmSync(this.database, { recursive: true, force: true });
    if (from) {
      cpSync(join(this.testbed.dir, from), this.database, { recursive: true });
    }
  }

  send(
    method: string,
    path: string,
    init: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.forwarding.port}/api/gns/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(init.body === undefined
          ? {}
          : { 'content-type': 'application/json' }),
        ...init.headers,
      },
      body: init.body === undefined ? undefined : JSON.stringify(init.body),
    });
  }

  /** @throws Error with the answer unless it is 2xx */
  async ask<T>(...args: Parameters<Hub['send']>): Promise<T> {
    const response = await this.send(...args);
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${args[0]} ${args[1]}: ${response.status} ${text}`);
    }
    return (text ? JSON.parse(text) : undefined) as T;
  }

  async register(cluster: string): Promise<string> {
    const { token } = await this.ask<JoinToken>('POST', '/clusters', {
      body: { name: cluster, labels: { site: cluster } },
    });
    return token;
  }

  /** Creates or replaces a global namespace, with the deletions of its plan confirmed. */
  async define(name: string, spec: object): Promise<WriteResult> {
    const path = `/definitions/GlobalNamespace/${name}`;
    const definition = {
      apiVersion: 'gns.isthmus.dev/v1',
      kind: 'GlobalNamespace',
      metadata: { name, owner: 'group:default/shop' },
      spec,
    };
    const before = await this.send('GET', path);
    const plan = await this.ask<{ hash: string }>('POST', '/plan', {
      body: { definitions: [definition] },
    });
    const guard: Record<string, string> = before.ok
      ? {
          'if-match': `"${
            ((await before.json()) as StoredDefinition).generation
          }"`,
        }
      : { 'if-none-match': '*' };
    return this.ask('PUT', path, {
      body: definition,
      headers: { ...guard, 'gns-plan': plan.hash },
    });
  }

  async remove(name: string): Promise<void> {
    const path = `/definitions/GlobalNamespace/${name}`;
    const { generation } = await this.ask<StoredDefinition>('GET', path);
    const { hash } = await this.ask<{ hash: string }>('POST', '/plan', {
      body: { deletions: [`GlobalNamespace:${name}`] },
    });
    await this.ask('DELETE', path, {
      headers: { 'if-match': `"${generation}"`, 'gns-plan': hash },
    });
  }

  status(name: string): Promise<GnsStatus> {
    return this.ask('GET', `/global-namespaces/${name}`);
  }

  cluster(name: string): Promise<Cluster> {
    return this.ask('GET', `/clusters/${name}`);
  }

  async holds(): Promise<Hold[]> {
    return (await this.ask<{ items: Hold[] }>('GET', '/holds')).items;
  }

  /** Waits until every cluster has applied what the hub wants of it. */
  async settled(name: string): Promise<GnsStatus> {
    return eventually(
      async () => {
        const status = await this.status(name);
        return status.rollout.length > 0 &&
          status.rollout.every(r => r.upToDate)
          ? status
          : undefined;
      },
      { what: `${name} is rolled out`, timeoutMs: 60_000 },
    );
  }
}
