import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { KubeClient, KubeObject } from '../kube/KubeClient';
import { PROXY_UID } from '../network/interception';
import { Daemon } from '../process/Daemon';

/** Runs pilot-agent, which runs Envoy, with the files that kubelet would mount for it. */
export async function startProxy(options: {
  /** The stored Pod. */
  pod: KubeObject;
  netns: string;
  /** The pod's folder. */
  folder: string;
  /** Resolved environment and arguments of its container `istio-proxy`. */
  env: Record<string, string>;
  args: string[];
  kube: KubeClient;
  /** Files of the ConfigMap `istio-ca-root-cert`, by name. */
  meshRoots: Record<string, string>;
  pilotAgent: string;
  envoy: string;
  envoyBootstrap: string;
}): Promise<Daemon> {
  const { kube, env, folder, meshRoots } = options;
  const { name, namespace, labels, annotations, uid } = options.pod.metadata;
  const { serviceAccountName } = options.pod.spec as {
    serviceAccountName: string;
  };
  const token = await kube.createToken(namespace!, serviceAccountName, {
    audiences: ['istio-ca'],
    expirationSeconds: 43_200,
    boundPod: { name, uid: uid! },
  });
  // The agent looks for all of these under its working directory.
  const bootstrap = 'var/lib/istio/envoy/envoy_bootstrap_tmpl.json';
  await writeOwned(folder, {
    ...Object.fromEntries(
      Object.entries(meshRoots).map(([key, text]) => [
        `var/run/secrets/istio/${key}`,
        text,
      ]),
    ),
    'var/run/secrets/tokens/istio-token': token,
    'etc/istio/pod/labels': downward(labels),
    'etc/istio/pod/annotations': downward(annotations),
    'etc/istio/proxy/.keep': '',
    [bootstrap]: await fs.readFile(options.envoyBootstrap, 'utf8'),
  });
  return new Daemon({
    name: `proxy of ${name}`,
    command: options.pilotAgent,
    args: [...options.args, '--templateFile', join(folder, bootstrap)],
    cwd: folder,
    uid: PROXY_UID,
    env: {
      HOME: folder,
      ...mounted(env, folder),
      ISTIO_METAJSON_LABELS: JSON.stringify(labels),
      // In the image Envoy lies in its usual place; here it does not.
      PROXY_CONFIG: JSON.stringify({
        ...JSON.parse(env.PROXY_CONFIG),
        binaryPath: options.envoy,
      }),
    },
    namespace: options.netns,
    logFile: join(folder, 'agent.log'),
  }).start();
}

/** Files that kubelet would mount lie in the pod's folder: absolute paths to them lead there. */
function mounted(
  env: Record<string, string>,
  folder: string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value.startsWith('/var/run/secrets/') ? join(folder, value) : value,
    ]),
  );
}

/** Labels or annotations as the downward API writes them. */
function downward(pairs: Record<string, string> = {}): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}\n`)
    .join('');
}

/** Writes files below a folder, all owned by the proxy's user. */
async function writeOwned(
  folder: string,
  files: Record<string, string>,
): Promise<void> {
  await fs.chown(folder, PROXY_UID, PROXY_UID);
  for (const [name, text] of Object.entries(files)) {
    const parts = name.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const path = join(folder, ...parts.slice(0, depth));
      await fs.mkdir(path, { recursive: true });
      await fs.chown(path, PROXY_UID, PROXY_UID);
    }
    await fs.writeFile(join(folder, name), text);
    await fs.chown(join(folder, name), PROXY_UID, PROXY_UID);
  }
}
