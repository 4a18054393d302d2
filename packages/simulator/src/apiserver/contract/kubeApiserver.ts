import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubernetesConnection } from './connection';
import { ContractClient } from './connection';

/** Where the real server's programs are. */
export interface KubernetesBinaries {
  kubeApiserver: string;
  etcd: string;
}

const START_TIMEOUT_MS = 60_000;

function firstExisting(paths: Array<string | undefined>): string | undefined {
  return paths.find(path => path !== undefined && existsSync(path));
}

/**
 * Finds kube-apiserver and etcd: by `ISTHMUS_KUBE_APISERVER` and
 * `ISTHMUS_ETCD`, in the testbed's cache, or (etcd) where Debian puts it.
 */
export function findKubernetesBinaries(
  env: NodeJS.ProcessEnv = process.env,
): KubernetesBinaries | undefined {
  const cache = join(homedir(), '.cache', 'isthmus', 'testbed');
  const cached = (name: string) =>
    existsSync(cache)
      ? globSync(`**/${name}`, { cwd: cache }).map(path => join(cache, path))
      : [];
  const kubeApiserver = firstExisting([
    env.ISTHMUS_KUBE_APISERVER,
    ...cached('kube-apiserver'),
  ]);
  const etcd = firstExisting([
    env.ISTHMUS_ETCD,
    ...cached('etcd'),
    '/usr/bin/etcd',
    '/usr/local/bin/etcd',
  ]);
  return kubeApiserver && etcd ? { kubeApiserver, etcd } : undefined;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>(resolve => {
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  return Promise.all(
    servers.map(async server => {
      const { port } = server.address() as AddressInfo;
      await new Promise(resolve => {
        server.close(resolve);
      });
      return port;
    }),
  );
}

async function stop(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise(resolve => {
    child.once('exit', resolve);
  });
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(hard);
}

async function poll<T>(
  what: string,
  read: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let last = 'no answer';
  while (Date.now() < deadline) {
    try {
      const value = await read();
      if (value !== undefined) return value;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise(resolve => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error(`${what} did not come in ${START_TIMEOUT_MS} ms: ${last}`);
}

/**
 * The file with Istio's CustomResourceDefinitions in the Go module cache, if
 * it is there.
 */
export function findIstioDefinitions(): string | undefined {
  let modules: string;
  try {
    modules = execFileSync('go', ['env', 'GOMODCACHE'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // No Go on this machine, so no module cache.
    return undefined;
  }
  const [file] = globSync(
    'istio.io/istio@*/manifests/charts/base/files/crd-all.gen.yaml',
    { cwd: modules },
  );
  return file && join(modules, file);
}

async function installIstio(client: ContractClient, file: string) {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const { status, body } = await client.post(
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      document.toJS(),
    );
    if (status !== 201) throw new Error(`CRD refused: ${body.message}`);
  }
  await poll('the API of ServiceEntry', async () => {
    const { status } = await client.get(
      '/apis/networking.istio.io/v1/serviceentries',
    );
    return status === 200 ? true : undefined;
  });
}

/** Starts etcd and kube-apiserver on the loopback interface, as any user. */
export async function connectKubeApiserver(
  binaries: KubernetesBinaries,
  definitions: string | undefined,
): Promise<KubernetesConnection> {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-kube-'));
  const [client, peer, secure] = await freePorts(3);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = join(folder, 'sa.key');
  const tokens = join(folder, 'tokens.csv');
  await writeFile(key, privateKey.export({ type: 'pkcs1', format: 'pem' }));
  await writeFile(
    tokens,
    'admin-token,admin,1,"system:masters"\nreader-token,reader,2\n',
  );
  const children: ChildProcess[] = [];
  const start = (program: string, args: string[]) => {
    children.push(spawn(program, args, { cwd: folder, stdio: 'ignore' }));
  };
  const close = async () => {
    for (const child of [...children].reverse()) await stop(child);
    await rm(folder, { recursive: true, force: true });
  };
  const http = (port: number) => `http://127.0.0.1:${port}`;
  try {
    start(binaries.etcd, [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${http(client)}`,
      `--advertise-client-urls=${http(client)}`,
      `--listen-peer-urls=${http(peer)}`,
      `--initial-advertise-peer-urls=${http(peer)}`,
      `--initial-cluster=default=${http(peer)}`,
    ]);
    start(binaries.kubeApiserver, [
      `--etcd-servers=${http(client)}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${secure}`,
      `--cert-dir=${join(folder, 'certs')}`,
      `--token-auth-file=${tokens}`,
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--authorization-mode=RBAC',
      '--anonymous-auth=false',
      '--service-cluster-ip-range=10.96.0.0/16',
    ]);
    const connection = {
      url: `https://127.0.0.1:${secure}`,
      adminToken: 'admin-token',
      readerToken: 'reader-token',
      close,
    };
    const probe = new ContractClient(connection);
    await poll('kube-apiserver', async () => {
      const { body } = await probe.get('/readyz');
      return body === 'ok' ? true : undefined;
    });
    if (definitions) await installIstio(probe, definitions);
    return connection;
  } catch (error) {
    await close();
    throw error;
  }
}
