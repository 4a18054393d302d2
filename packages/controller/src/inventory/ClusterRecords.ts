import { InventoryKind, MeshFacts } from '@isthmus/plugin-gns-common';
import { PodIndex } from './PodIndex';
import { ServiceRecord } from './readService';
import { NamespaceRecord, NodeRecord, PolicyRecord } from './records';
import { AuthorizationPolicyRecord } from './readAuthorizationPolicy';
import { DestinationRuleRecord } from './readDestinationRule';
import { SidecarRecord } from './readSidecar';
import { ForeignSource } from './sources';
import { readMeshConfig, reduceMesh } from './reduceMesh';
import { reduceGateways } from './reduceGateways';
import { reduceNamespaces } from './reduceNamespaces';
import { reduceServices } from './reduceServices';
import { reduceWorkloads } from './reduceWorkloads';

/** What is remembered of a cluster: small records, and what inventory they make. */
export class ClusterRecords {
  readonly namespaces = new Map<string, NamespaceRecord>();
  readonly nodes = new Map<string, NodeRecord>();
  readonly services = new Map<string, ServiceRecord>();
  readonly pods = new PodIndex();
  readonly peerAuthentications = new Map<string, PolicyRecord>();
  readonly proxyConfigs = new Map<string, PolicyRecord>();
  readonly authorizationPolicies = new Map<string, AuthorizationPolicyRecord>();
  readonly sidecars = new Map<string, SidecarRecord>();
  readonly destinationRules = new Map<string, DestinationRuleRecord>();
  readonly istiod = new Map<string, string[]>();
  meshConfig: string | undefined;
  rootCertificates: string | undefined;
  deploymentPause: string | undefined;
  kubernetesVersion: string | undefined;

  /** The items of one kind, sorted. `isMember`: namespaces whose proxies shall capture DNS. */
  reduce(
    kind: InventoryKind,
    options: {
      istioNamespace: string;
      isMember(namespace: string): boolean;
      /** Whether the objects of others that are kept are all. */
      isRead(source: ForeignSource): boolean;
    },
  ): unknown[] {
    const ifRead = <T>(source: ForeignSource, records: Map<string, T>) =>
      options.isRead(source) ? [...records.values()] : undefined;
    const network = this.namespaces.get(options.istioNamespace)?.labels[
      'topology.istio.io/network'
    ];
    switch (kind) {
      case 'mesh':
        return this.#mesh(network);
      case 'namespaces':
        return reduceNamespaces({
          namespaces: this.namespaces.values(),
          peerAuthentications: [...this.peerAuthentications.values()],
          proxyConfigs: [...this.proxyConfigs.values()],
          authorizationPolicies: ifRead(
            'authorizationPolicies',
            this.authorizationPolicies,
          ),
          sidecars: ifRead('sidecars', this.sidecars),
          destinationRules: ifRead('destinationRules', this.destinationRules),
          rootNamespace: readMeshConfig(this.meshConfig).rootNamespace,
        });
      case 'services':
        return reduceServices(this.services.values());
      case 'workloads':
        return reduceWorkloads({
          pods: this.pods.all(),
          localityOf: node => this.nodes.get(node)?.locality ?? '',
          asksDnsCapture: options.isMember,
        });
      default:
        return reduceGateways({
          services: this.services.values(),
          podsOf: namespace => this.pods.inNamespace(namespace),
          network,
        });
    }
  }

  #mesh(network: string | undefined): MeshFacts[] {
    const clusterUid = this.namespaces.get('kube-system')?.uid;
    if (!clusterUid || !this.kubernetesVersion) return [];
    return [
      reduceMesh({
        clusterUid,
        kubernetesVersion: this.kubernetesVersion,
        istioVersions: [...this.istiod.values()].flat(),
        meshConfig: readMeshConfig(this.meshConfig),
        rootCertificates: this.rootCertificates,
        network,
        localities: [...this.nodes.values()].map(n => n.locality),
      }),
    ];
  }
}
