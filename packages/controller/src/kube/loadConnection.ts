import { readFile } from 'node:fs/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { InputError } from '@backstage/errors';

/** How to reach one API server. */
export interface KubeConnection {
  /** `https://10.0.0.1:6443` */
  server: string;
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  /** Name in the server's certificate, when it differs from the URL's. */
  serverName?: string;
  /** False only when the kubeconfig itself says `insecure-skip-tls-verify`. */
  verify: boolean;
  /** Value of the Authorization header, if any; asked before each request. */
  authorization(): Promise<string | undefined>;
}

/** How long a credential is used before it is read again. */
const CREDENTIAL_LIFE = 60_000;

/** Where Kubernetes mounts a pod's credentials. */
const MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The connection of a kubeconfig file, or of the pod that we run in.
 * Projected tokens are replaced every hour, so files are read again each minute.
 * Throws InputError when there is neither.
 */
export async function loadConnection(
  kubeconfig?: string,
): Promise<KubeConnection> {
  return kubeconfig ? fromKubeconfig(kubeconfig) : fromPod();
}

/** Read by hand: loading the client takes more memory than 20,000 watched objects. */
async function fromPod(): Promise<KubeConnection> {
  const host = process.env.KUBERNETES_SERVICE_HOST;
  const port = process.env.KUBERNETES_SERVICE_PORT ?? '443';
  if (!host) {
    throw new InputError(
      'Not inside a cluster (KUBERNETES_SERVICE_HOST is not set); name a kubeconfig with --kubeconfig',
    );
  }
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: await readFile(`${MOUNT}/ca.crt`),
    verify: true,
    authorization: cachedFor(CREDENTIAL_LIFE, () => bearerOf(`${MOUNT}/token`)),
  };
}

async function bearerOf(tokenFile: string): Promise<string> {
  return `Bearer ${(await readFile(tokenFile, 'utf8')).trim()}`;
}

async function fromKubeconfig(kubeconfig: string): Promise<KubeConnection> {
  // The client is ESM only: this is its one entrance.
  const client = await import('@kubernetes/client-node');
  const config = new client.KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (!cluster?.server) {
    throw new InputError(
      `${kubeconfig} has no current cluster; set one with "kubectl config use-context"`,
    );
  }
  const material = await tlsMaterial(config);
  return {
    server: cluster.server,
    ...material,
    serverName: cluster.tlsServerName,
    verify: !cluster.skipTLSVerify,
    authorization: cachedFor(CREDENTIAL_LIFE, () => authorizationOf(config)),
  };
}

async function tlsMaterial(
  config: KubeConfig,
): Promise<Pick<KubeConnection, 'ca' | 'cert' | 'key'>> {
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  const read = async (encoded?: string, file?: string) => {
    if (encoded) return Buffer.from(encoded, 'base64');
    return file ? readFile(file) : undefined;
  };
  return {
    ca: await read(cluster?.caData, cluster?.caFile),
    cert: await read(user?.certData, user?.certFile),
    key: await read(user?.keyData, user?.keyFile),
  };
}

async function authorizationOf(
  config: KubeConfig,
): Promise<string | undefined> {
  const user = config.getCurrentUser();
  if (!user) return undefined;
  if (user.token) return `Bearer ${user.token}`;
  const tokenFile: unknown = user.authProvider?.config?.tokenFile;
  if (typeof tokenFile === 'string') {
    return bearerOf(tokenFile);
  }
  if (user.username) {
    const basic = Buffer.from(`${user.username}:${user.password ?? ''}`);
    return `Basic ${basic.toString('base64')}`;
  }
  if (!user.exec && !user.authProvider) return undefined;
  // Credential plugins: the client knows how to run them.
  const options: { headers?: Record<string, string> } = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const value = options.headers?.Authorization;
  return typeof value === 'string' && value ? value : undefined;
}

/** Calls `read` again when its last answer is older than `life` milliseconds. */
export function cachedFor<T>(
  life: number,
  read: () => Promise<T>,
  now: () => number = Date.now,
): () => Promise<T> {
  let last: { at: number; value: Promise<T> } | undefined;
  return async () => {
    if (!last || now() - last.at > life) {
      last = { at: now(), value: read() };
    }
    const current = last;
    try {
      return await current.value;
    } catch (error) {
      if (last === current) last = undefined;
      throw error;
    }
  };
}
