import { readDurationFromConfig, type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { DNS_LABEL, showPath } from '@isthmus/plugin-gns-common';
import { z } from 'zod';
import { readTarget } from './targets';

/** How one Prometheus is asked. */
export interface ObservedPrometheus {
  readonly urls: readonly string[];
  readonly authentication?:
    | { readonly type: 'bearer'; readonly token: string }
    | {
        readonly type: 'basic';
        readonly username: string;
        readonly password: string;
      };
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly serverName?: string;
  };
  readonly match: Readonly<Record<string, string>>;
  readonly historySeconds: number | undefined;
}

/** How one API server is read. */
export interface ObservedKubernetes {
  readonly url: string;
  /** Undefined: the account of the pod that the portal runs in. */
  readonly token: string | undefined;
  /** PEM; undefined: the usual authorities, or those of the pod. */
  readonly ca: string | undefined;
  readonly caFile: string | undefined;
  readonly verify: boolean;
}

/** A cluster that the hub reads itself. */
export interface ObservedCluster {
  readonly name: string;
  readonly title: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly istioNamespace: string;
  readonly kubernetes: ObservedKubernetes;
  readonly prometheus: ObservedPrometheus | undefined;
}

const text = z.string().min(1).max(10_000);
const prometheusSchema = z.strictObject({
  url: z.union([text, z.array(text).min(1).max(8)]),
  authentication: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('bearer'), token: text }),
      z.strictObject({
        type: z.literal('basic'),
        username: text,
        password: text,
      }),
    ])
    .optional(),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/), z.string())
    .default({}),
  tls: z
    .strictObject({
      ca: text.optional(),
      cert: text.optional(),
      key: text.optional(),
      serverName: text.optional(),
    })
    .optional(),
  match: z.record(z.string().regex(/^[a-zA-Z_]\w*$/), z.string()).default({}),
  history: z.unknown().optional(),
});
const observedSchema = z.strictObject({
  name: z.string().max(63).regex(DNS_LABEL, 'is no name: use a-z, 0-9 and -'),
  title: z.string().max(120).optional(),
  kubernetesCluster: text.optional(),
  labels: z.record(z.string().max(317), z.string().max(63)).default({}),
  istioNamespace: z.string().max(63).regex(DNS_LABEL).default('istio-system'),
  prometheus: prometheusSchema.optional(),
});
/** As far as we need it of the Kubernetes plugin's own schema. */
const kubernetesClusterSchema = z.looseObject({
  name: z.string(),
  url: z.string(),
  authProvider: z.string().optional(),
  authMetadata: z.record(z.string(), z.string()).optional(),
  serviceAccountToken: z.string().optional(),
  skipTLSVerify: z.boolean().optional(),
  caData: z.string().optional(),
  caFile: z.string().optional(),
});
type KubernetesCluster = z.infer<typeof kubernetesClusterSchema>;

/** What could be read, and what is wrong with the rest: one bad cluster costs no other. */
export interface ObservedConfig {
  readonly clusters: readonly ObservedCluster[];
  readonly problems: readonly string[];
}

const KEY = 'gns.observedClusters';

function parse<T>(schema: z.ZodType<T>, value: unknown, key: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  // Never the value: it may be a secret.
  throw new InputError(
    `${key}${path.length > 0 ? `.${showPath(path)}` : ''}: ${message}`,
  );
}

/** The clusters that the `kubernetes` section lists itself, by name. */
function readKubernetes(root: Config): Map<string, KubernetesCluster> {
  const methods =
    root.getOptionalConfigArray('kubernetes.clusterLocatorMethods') ?? [];
  const found = new Map<string, KubernetesCluster>();
  for (const method of methods) {
    if (method.getOptionalString('type') !== 'config') continue;
    for (const cluster of method.getOptional<unknown[]>('clusters') ?? []) {
      const parsed = kubernetesClusterSchema.safeParse(cluster);
      if (parsed.success) found.set(parsed.data.name, parsed.data);
    }
  }
  return found;
}

function readAccess(
  cluster: KubernetesCluster | undefined,
  name: string,
  known: Iterable<string>,
  key: string,
): ObservedKubernetes {
  if (!cluster) {
    const names = [...known].sort();
    throw new InputError(
      `${key}: the kubernetes section lists no cluster "${name}" (kubernetes.clusterLocatorMethods of type config). ${
        names.length > 0
          ? `It lists ${names.join(
              ', ',
            )}: name one of them with kubernetesCluster`
          : 'Add it there, with a service account that may read'
      }`,
    );
  }
  const provider =
    cluster.authProvider ??
    cluster.authMetadata?.['kubernetes.io/auth-provider'];
  if (provider !== 'serviceAccount') {
    throw new InputError(
      `${key}: the kubernetes section reads ${name} with authProvider ${
        provider ?? '(none)'
      }, which needs a person. Give it a service account (authProvider: serviceAccount)`,
    );
  }
  readTarget(cluster.url, `kubernetes cluster ${name}, url`);
  return {
    url: cluster.url.replace(/\/+$/, ''),
    token: cluster.serviceAccountToken,
    ca: cluster.caData && Buffer.from(cluster.caData, 'base64').toString(),
    caFile: cluster.caFile,
    verify: !cluster.skipTLSVerify,
  };
}

function readPrometheus(
  config: z.infer<typeof prometheusSchema>,
  key: string,
  raw: Config | undefined,
): ObservedPrometheus {
  const { url, authentication, headers, tls, match, history } = config;
  const urls = typeof url === 'string' ? [url] : url;
  for (const [index, one] of urls.entries()) {
    readTarget(
      one,
      typeof url === 'string' ? `${key}.url` : `${key}.url[${index}]`,
    );
  }
  if (Boolean(tls?.cert) !== Boolean(tls?.key)) {
    throw new InputError(`${key}.tls: cert and key go together`);
  }
  return {
    urls,
    ...(authentication ? { authentication } : {}),
    headers,
    ...(tls ? { tls } : {}),
    match,
    historySeconds:
      history === undefined || !raw
        ? undefined
        : Math.round(
            durationToMilliseconds(
              readDurationFromConfig(raw, { key: 'history' }),
            ) / 1000,
          ),
  };
}

/** Reads `gns.observedClusters`, with what the `kubernetes` section knows of them. */
export function readObservedConfig(root: Config): ObservedConfig {
  const entries = root.getOptionalConfigArray(KEY) ?? [];
  if (entries.length === 0) return { clusters: [], problems: [] };
  const kubernetes = readKubernetes(root);
  const clusters: ObservedCluster[] = [];
  const problems: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const key = `${KEY}[${index}]`;
    try {
      const config = parse(observedSchema, entry.get(), key);
      if (clusters.some(c => c.name === config.name)) {
        throw new InputError(
          `${key}.name: "${config.name}" stands there twice. Each cluster has a name of its own`,
        );
      }
      const name = config.kubernetesCluster ?? config.name;
      clusters.push({
        name: config.name,
        title: config.title,
        labels: config.labels,
        istioNamespace: config.istioNamespace,
        kubernetes: readAccess(
          kubernetes.get(name),
          name,
          kubernetes.keys(),
          key,
        ),
        prometheus:
          config.prometheus &&
          readPrometheus(
            config.prometheus,
            `${key}.prometheus`,
            entry.getOptionalConfig('prometheus'),
          ),
      });
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { clusters, problems };
}
