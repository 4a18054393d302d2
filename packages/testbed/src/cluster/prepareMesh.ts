import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { VERSIONS } from '../binaries/versions';
import {
  parseManifests,
  type KubeClient,
  type KubeObject,
} from '../kube/KubeClient';
import type { CertificateAuthority } from '../pki/certificateAuthority';
import { eventually } from '../process/eventually';
import { ROOT_NAMESPACE } from '../workload/podManifests';

/**
 * Gives a cluster what a mesh's installation would before istiod starts: root namespace with its network, CA, node with
 * its locality, Istio's kinds.
 */
export async function prepareMesh(options: {
  cluster: string;
  network: string;
  region: string;
  zone: string;
  kube: KubeClient;
  /** Signs the cluster's intermediate; absent: istiod makes a root of its own. */
  root: CertificateAuthority | undefined;
  /** Folder in which istiod runs. */
  istiodDir: string;
  /** YAML file. */
  crdFile: string;
  node: string;
}): Promise<void> {
  const { kube, root, node } = options;
  await kube.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: ROOT_NAMESPACE,
      labels: { 'topology.istio.io/network': options.network },
    },
  });
  if (root) {
    const secret = await cacerts(root, options.cluster);
    await kube.apply(secret);
    // Istio's chart mounts the Secret here.
    const mount = join(options.istiodDir, 'etc', 'cacerts');
    await fs.mkdir(mount, { recursive: true, mode: 0o700 });
    for (const [name, text] of Object.entries(secret.stringData)) {
      await fs.writeFile(join(mount, name), text, { mode: 0o600 });
    }
  }
  await kube.apply({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node,
      labels: {
        'kubernetes.io/hostname': node,
        'topology.kubernetes.io/region': options.region,
        'topology.kubernetes.io/zone': options.zone,
      },
    },
  });
  // By its version istiod tells that the node can run native sidecars.
  await kube.patchStatus(
    { apiVersion: 'v1', kind: 'Node', name: node },
    { nodeInfo: { kubeletVersion: VERSIONS.kubernetes } },
  );
  const crds = parseManifests(await fs.readFile(options.crdFile, 'utf8'));
  await Promise.all(crds.map(crd => kube.apply(crd)));
  await eventually(
    async () => {
      const now = await kube.list({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
      });
      return now.length >= crds.length && now.every(isEstablished);
    },
    { what: `Istio's kinds are served in ${options.cluster}` },
  );
}

function isEstablished(crd: KubeObject): boolean {
  const { conditions = [] } = (crd.status ?? {}) as {
    conditions?: { type: string; status: string }[];
  };
  return conditions.some(
    one => one.type === 'Established' && one.status === 'True',
  );
}

/** The Secret from which istiod takes a CA made elsewhere. */
async function cacerts(
  root: CertificateAuthority,
  cluster: string,
): Promise<KubeObject & { stringData: Record<string, string> }> {
  const ca = await root.createIntermediate(`istiod ${cluster}`);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cacerts', namespace: ROOT_NAMESPACE },
    type: 'Opaque',
    stringData: {
      'ca-cert.pem': ca.certificate,
      'ca-key.pem': await ca.key(),
      'cert-chain.pem': ca.chain,
      'root-cert.pem': ca.root,
    },
  };
}
