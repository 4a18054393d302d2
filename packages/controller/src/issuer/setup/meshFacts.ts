import { parse } from 'yaml';
import { z } from 'zod';
import { KubeObject } from '../../kube/KubeApi';
import { readConfigMap } from '../../inventory/records';
import { containerShape } from '../../inventory/shapes';

/** What one istiod is told, as far as identities depend on it. */
export interface IstiodFacts {
  /** '' for the default revision. */
  revision: string;
  env: ReadonlyMap<string, string>;
}

/** What one injector puts into pods, as far as identities depend on it. */
export interface InjectorFacts {
  revision: string;
  certProvider: string;
  caAddress: string;
  tokenAudience: string;
  trustBundleName: string;
  clusterTrustBundle: boolean;
  /** The stock template hands a ProxyConfig's environment to the proxy, and mounts the roots. */
  templateFits: boolean;
  /** Templates that all pods get beside the stock one. */
  moreTemplates: string[];
}

const REVISION_LABEL = 'istio.io/rev';
const INJECTOR = 'istio-sidecar-injector';

/** Revision of an object of Istio's: its label, else the ending of its name. */
export function revisionOf(object: KubeObject, base: string): string {
  const label = object.metadata.labels?.[REVISION_LABEL];
  const { name } = object.metadata;
  const revision =
    label ?? (name.startsWith(`${base}-`) ? name.slice(base.length + 1) : '');
  return revision === 'default' ? '' : revision;
}

const deploymentShape = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({ containers: z.array(containerShape) }),
    }),
  }),
});

/** Reads a Deployment of istiod. */
export function readIstiod(object: KubeObject): IstiodFacts | undefined {
  const parsed = deploymentShape.safeParse(object);
  if (!parsed.success) return undefined;
  const env = parsed.data.spec.template.spec.containers.flatMap(
    c => c.env ?? [],
  );
  return {
    revision: revisionOf(object, 'istiod'),
    env: new Map(env.map(e => [e.name, e.value ?? ''])),
  };
}

const text = z.unknown().transform(v => (typeof v === 'string' ? v : ''));
const valuesShape = z.looseObject({
  global: z
    .looseObject({
      pilotCertProvider: text,
      caAddress: text,
      trustBundleName: text,
      sds: z
        .looseObject({ token: z.looseObject({ aud: text }).nullish() })
        .nullish(),
    })
    .nullish(),
  pilot: z
    .looseObject({ env: z.record(z.string(), z.unknown()).nullish() })
    .nullish(),
});

const injectorShape = z.looseObject({
  defaultTemplates: z.array(z.string()).nullish(),
  templates: z.record(z.string(), z.string()).nullish(),
});

/** Reads the ConfigMap of an injector; undefined for any other ConfigMap. */
export function readInjector(object: KubeObject): InjectorFacts | undefined {
  const { name } = object.metadata;
  if (name !== INJECTOR && !name.startsWith(`${INJECTOR}-`)) return undefined;
  const content = readConfigMap(object);
  const values = valuesShape.safeParse(load(content.values)).data ?? {};
  const config = injectorShape.safeParse(load(content.config)).data ?? {};
  const { global } = values;
  const template = config.templates?.sidecar ?? '';
  return {
    revision: revisionOf(object, INJECTOR),
    certProvider: global?.pilotCertProvider || 'istiod',
    caAddress: global?.caAddress ?? '',
    tokenAudience: global?.sds?.token?.aud || 'istio-ca',
    trustBundleName: global?.trustBundleName ?? '',
    clusterTrustBundle: isTrue(
      values.pilot?.env?.ENABLE_CLUSTER_TRUST_BUNDLE_API,
    ),
    templateFits:
      template.includes('.ProxyMetadata') &&
      template.includes('/var/run/secrets/istio'),
    moreTemplates: (config.defaultTemplates ?? []).filter(t => t !== 'sidecar'),
  };
}

const meshShape = z.looseObject({
  trustDomain: text,
  trustDomainAliases: z.array(z.string()).nullish(),
  caCertificates: z
    .array(z.looseObject({ trustDomains: z.array(z.string()).nullish() }))
    .nullish(),
});

/** Trust domains of a mesh configuration's text (`mesh` of a ConfigMap). */
export function trustDomainsOf(mesh: string | undefined): string[] {
  const parsed = meshShape.safeParse(load(mesh) ?? {});
  if (!parsed.success) return [];
  const { trustDomain, trustDomainAliases, caCertificates } = parsed.data;
  return [
    trustDomain || 'cluster.local',
    ...(trustDomainAliases ?? []),
    ...(caCertificates ?? []).flatMap(c => c.trustDomains ?? []),
  ];
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === '1';
}

/** YAML or JSON; undefined for what is neither. */
function load(source: string | undefined): unknown {
  if (!source) return undefined;
  try {
    return parse(source, { maxAliasCount: 10 });
  } catch {
    // Istio cannot read it either, and goes by its defaults.
    return undefined;
  }
}
