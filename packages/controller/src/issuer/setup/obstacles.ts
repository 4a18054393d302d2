import {
  AuthoritySettings,
  CA_ROOT_KEY,
  CONTROLLER_NAMESPACE,
  Condition,
} from '@isthmus/plugin-gns-common';
import { InjectorFacts, IstiodFacts, isTrue } from './meshFacts';

/** What stands in the way of sending a namespace's pods to our CA. */
export interface Obstacle {
  /** Pods that were sent there would not start, or not be trusted. */
  blocks: boolean;
  condition: Condition;
}

/** What is known of the mesh of this cluster. */
export interface MeshFactsNow {
  istiods: readonly IstiodFacts[];
  injectors: readonly InjectorFacts[];
  /** Trust domains of each mesh configuration, by the name of its ConfigMap. */
  trust: ReadonlyMap<string, readonly string[]>;
}

export interface NamespaceFacts {
  name: string;
  labels: Readonly<Record<string, string>>;
  /** Its oldest ProxyConfig without a selector: the only one that counts. */
  proxyConfig?: { name: string; ours: boolean };
}

const TRUST_BUNDLE = 'TrustBundleMount';

const clusterTrustBundle = (where: string) =>
  `With ENABLE_CLUSTER_TRUST_BUNDLE_API the sidecars${where} mount a ClusterTrustBundle in place of the ConfigMap istio-ca-root-cert, so they would not find the root of our CA. Turn it off (pilot.env in the Helm values).`;

const istioCsr = (where: string) =>
  `istiod${where} has no CA of its own: istio-csr or another one takes its place. It deletes our key from the ConfigMap istio-ca-root-cert and cannot be asked while a namespace joins. Use istiod's CA, or keep this cluster out of global namespaces with an authority of their own.`;

/**
 * What hinders the pods of one member namespace, with the remedy. Pure. What
 * is not known hinders nothing: the measured proof comes after it.
 */
export function obstaclesOf(input: {
  gns: string;
  namespace: NamespaceFacts;
  trustDomain: AuthoritySettings['trustDomain'];
  mesh: MeshFactsNow;
  /** Where the controller runs. */
  controllerNamespace: string;
}): Obstacle[] {
  const { gns, namespace, mesh } = input;
  const obstacles: Obstacle[] = [];
  const add = (
    type: string,
    reason: string,
    message: string,
    blocks: boolean = true,
  ) =>
    obstacles.push({
      blocks,
      condition: {
        type,
        status: 'False',
        severity: blocks ? 'error' : 'warning',
        reason,
        message: message.slice(0, 4000),
        gns,
        namespace: namespace.name,
      },
    });

  if (input.controllerNamespace !== CONTROLLER_NAMESPACE) {
    add(
      'CaAddress',
      'OtherNamespace',
      `The controller runs in namespace ${input.controllerNamespace}; workloads are sent to ${CONTROLLER_NAMESPACE}. Install it there.`,
    );
  }
  if (namespace.labels['istio.io/dataplane-mode'] === 'ambient') {
    add(
      'SidecarNamespace',
      'Ambient',
      `Namespace ${namespace.name} is in ambient mode, in which all pods of a node share one CA. Use sidecars: remove the label istio.io/dataplane-mode, add istio-injection=enabled, restart the pods.`,
    );
  }
  if (namespace.proxyConfig && !namespace.proxyConfig.ours) {
    add(
      'OwnProxyConfig',
      'OlderProxyConfig',
      `Of several ProxyConfigs without a selector Istio takes the oldest: ${namespace.proxyConfig.name} hides the one that sends pods to our CA. Delete it, or give it a selector, or make it again after ours.`,
    );
  }
  for (const injector of forNamespace(mesh.injectors, namespace)) {
    judgeInjector(injector, add);
  }
  for (const istiod of forNamespace(mesh.istiods, namespace)) {
    judgeIstiod(istiod, mesh, input.trustDomain, add);
  }
  return obstacles;
}

type Add = (
  type: string,
  reason: string,
  message: string,
  blocks?: boolean,
) => void;

function judgeInjector(injector: InjectorFacts, add: Add): void {
  const where = injector.revision ? ` of revision ${injector.revision}` : '';
  if (injector.clusterTrustBundle) {
    add(TRUST_BUNDLE, 'ClusterTrustBundleApi', clusterTrustBundle(where));
  }
  if (injector.certProvider !== 'istiod') {
    add(
      TRUST_BUNDLE,
      'CertProvider',
      `The injector${where} has pilotCertProvider ${injector.certProvider}, so sidecars mount no ConfigMap with roots and cannot verify our CA. Set pilotCertProvider: istiod.`,
    );
  }
  if (
    injector.trustBundleName &&
    injector.trustBundleName !== 'istio-ca-root-cert'
  ) {
    add(
      TRUST_BUNDLE,
      'TrustBundleName',
      `The injector${where} mounts the ConfigMap ${injector.trustBundleName} in place of istio-ca-root-cert, into which ${CA_ROOT_KEY} is written. Remove global.trustBundleName.`,
    );
  }
  if (/istio-csr/.test(injector.caAddress)) {
    add(TRUST_BUNDLE, 'IstioCsr', istioCsr(where));
  }
  if (injector.tokenAudience !== 'istio-ca') {
    add(
      'TokenAudience',
      'OtherAudience',
      `The injector${where} gives pods tokens for ${injector.tokenAudience}; our CA takes tokens for istio-ca. Remove global.sds.token.aud.`,
    );
  }
  if (!injector.templateFits) {
    add(
      'InjectionTemplate',
      'CustomTemplate',
      `The sidecar template of the injector${where} is not the stock one: it does not hand on the environment of ProxyConfigs, or does not mount /var/run/secrets/istio. Take both over from the stock template.`,
    );
  }
  if (injector.moreTemplates.length > 0) {
    add(
      'InjectionTemplate',
      'MoreTemplates',
      `The injector${where} applies further templates to all pods (${injector.moreTemplates.join(
        ', ',
      )}): make sure that none sets CA_ADDR, CA_ROOT_CA or TRUST_DOMAIN, or mounts something else at /var/run/secrets/istio.`,
      false,
    );
  }
}

function judgeIstiod(
  istiod: IstiodFacts,
  mesh: MeshFactsNow,
  trustDomain: AuthoritySettings['trustDomain'],
  add: Add,
): void {
  const { env, revision } = istiod;
  const where = revision ? ` of revision ${revision}` : '';
  if (isTrue(env.get('ENABLE_CLUSTER_TRUST_BUNDLE_API'))) {
    add(TRUST_BUNDLE, 'ClusterTrustBundleApi', clusterTrustBundle(where));
  }
  if (env.get('ENABLE_CA_SERVER') === 'false') {
    add(TRUST_BUNDLE, 'IstioCsr', istioCsr(where));
  }
  if (isTrue(env.get('ISTIO_MULTIROOT_MESH'))) {
    add(
      'SingleRootMesh',
      'MultiRoot',
      `istiod${where} hands all roots of the mesh to every proxy (ISTIO_MULTIROOT_MESH). Pods of this namespace are kept out of that by PROXY_CONFIG_XDS_AGENT=false in our ProxyConfig: do not override it.`,
      false,
    );
  }
  if (trustDomain.mode !== 'own') return;
  const config = revision ? `istio-${revision}` : 'istio';
  const shared = env.get('SHARED_MESH_CONFIG');
  const known = [
    ...(mesh.trust.get(config) ?? []),
    ...((shared && mesh.trust.get(shared)) || []),
  ];
  if (known.includes(trustDomain.name)) return;
  add(
    'TrustDomainKnown',
    'NotListed',
    `istiod${where} does not know the trust domain ${trustDomain.name}, so proxies would refuse its identities. Add to the mesh configuration (ConfigMap ${config}, key mesh, or meshConfig in the Helm values): trustDomainAliases: ["${trustDomain.name}"]`,
  );
}

/** Of the revision that a namespace asks for; all of them where it names none that is known (a tag). */
function forNamespace<T extends { revision: string }>(
  all: readonly T[],
  { labels }: NamespaceFacts,
): readonly T[] {
  const label = labels['istio.io/rev'];
  const revision =
    labels['istio-injection'] === 'enabled' || label === 'default'
      ? ''
      : label ?? '';
  const own = all.filter(facts => facts.revision === revision);
  return own.length > 0 ? own : all;
}
