import { X509Certificate, createHash } from 'node:crypto';
import { parse } from 'yaml';
import { MeshFacts } from '@isthmus/plugin-gns-common';

const DEFAULT_TRUST_DOMAIN = 'cluster.local';
const DEFAULT_ROOT_NAMESPACE = 'istio-system';

/** What the `istio` ConfigMap says that we need. */
export interface MeshConfig {
  trustDomain: string;
  rootNamespace: string;
}

/** Reads the `mesh` key of Istio's ConfigMap; defaults for what is absent or unreadable. */
export function readMeshConfig(text: string | undefined): MeshConfig {
  let config: unknown;
  try {
    config = text ? parse(text, { maxAliasCount: 10 }) : {};
  } catch {
    // istiod refuses such a mesh config too and goes on with its defaults.
    config = {};
  }
  const fields = (config ?? {}) as Record<string, unknown>;
  const field = (name: string, fallback: string) => {
    const value = fields[name];
    return typeof value === 'string' && value && value.length <= 253
      ? value
      : fallback;
  };
  return {
    trustDomain: field('trustDomain', DEFAULT_TRUST_DOMAIN),
    rootNamespace: field('rootNamespace', DEFAULT_ROOT_NAMESPACE),
  };
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** SHA-256 (hex) of the DER of each certificate of a PEM bundle; unreadable ones are left out. */
export function rootHashesOf(pem: string | undefined): string[] {
  const hashes = (pem?.slice(0, 1024 * 1024).match(PEM) ?? []).flatMap(one => {
    try {
      const { raw } = new X509Certificate(one);
      return [createHash('sha256').update(raw).digest('hex')];
    } catch {
      // A damaged certificate is trusted by nobody, so it is no root.
      return [];
    }
  });
  return [...new Set(hashes)].sort().slice(0, 20);
}

export function reduceMesh(input: {
  clusterUid: string;
  kubernetesVersion: string;
  istioVersions: readonly string[];
  meshConfig: MeshConfig;
  rootCertificates: string | undefined;
  network: string | undefined;
  localities: Iterable<string>;
}): MeshFacts {
  return {
    clusterUid: input.clusterUid,
    kubernetesVersion: input.kubernetesVersion,
    istioVersions: [...new Set(input.istioVersions)].sort().slice(0, 20),
    trustDomain: input.meshConfig.trustDomain,
    rootHashes: rootHashesOf(input.rootCertificates),
    ...(input.network ? { network: input.network.slice(0, 253) } : {}),
    localities: [...new Set(input.localities)]
      .filter(Boolean)
      .sort()
      .slice(0, 1000),
  };
}
