import type { AuthoritySettings } from '@isthmus/plugin-gns-common';
import type { ClusterView } from '../composition/types';
import { bundleRoots, rootIn, type Authority } from './store/authorityRows';
import { placeKey } from './transition/types';

/**
 * How a cluster shall issue for one global namespace; undefined: it has no
 * member, or nothing signs yet. Pure, and sorted as the contract says.
 *
 * @param rawTcp - places with ports whose calls no policy can judge one by one
 */
export function settingsOf(
  authority: Authority,
  clusterId: string,
  rawTcp: ReadonlySet<string>,
): AuthoritySettings | undefined {
  const active = rootIn(authority.roots, 'active');
  const members = authority.members.filter(m => m.clusterId === clusterId);
  if (!active || members.length === 0 || authority.bundleEpoch === 0) {
    return undefined;
  }
  const roots = bundleRoots(authority.roots);
  const trusted = new Set(roots.map(r => r.keyId));
  return {
    trustDomain:
      authority.trustDomain === undefined
        ? { mode: 'mesh' }
        : { mode: 'own', name: authority.trustDomain },
    leafTtlSeconds: authority.leafTtlSeconds,
    bundle: {
      epoch: authority.bundleEpoch,
      roots: roots.map(({ keyId, certificate }) => ({
        keyId,
        pem: certificate,
      })),
    },
    meshRoots: [...authority.meshRoots],
    issuer: {
      rootKeyId: active.keyId,
      crossCertificates: authority.crosses
        .filter(c => c.keyId === active.keyId && trusted.has(c.signerKeyId))
        .map(c => c.certificate),
    },
    namespaces: members
      .map(member => ({
        name: member.namespace,
        phase: member.phase,
        step: member.step,
        // A policy refuses outsiders request by request; what it cannot see request by request, only the end of connections does.
        ...(member.phase === 'isolate' &&
        member.isolatedAt !== undefined &&
        rawTcp.has(placeKey(member))
          ? { restartStartedBefore: member.isolatedAt }
          : {}),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    restart: authority.restart,
  };
}

/** All authorities of one cluster; undefined: none. */
export function settingsOfCluster(
  authorities: ReadonlyMap<string, Authority>,
  clusterId: string,
  rawTcp: ReadonlySet<string>,
): Record<string, AuthoritySettings> | undefined {
  const entries = [...authorities]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([gns, authority]) => {
      const settings = settingsOf(authority, clusterId, rawTcp);
      return settings ? [[gns, settings] as const] : [];
    });
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** Protocols whose calls a server-side policy judges one by one. */
const JUDGED = new Set(['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-WEB']);

/** Isolated places with services that are plain TCP to their proxies. */
export function rawTcpPlaces(
  authorities: ReadonlyMap<string, Authority>,
  clusters: readonly Pick<ClusterView, 'id' | 'inventory'>[],
): ReadonlySet<string> {
  const isolated = new Set(
    [...authorities.values()].flatMap(authority =>
      authority.members.filter(m => m.isolatedAt !== undefined).map(placeKey),
    ),
  );
  if (isolated.size === 0) return isolated;
  return new Set(
    clusters.flatMap(({ id, inventory }) =>
      inventory.services
        .filter(s =>
          s.ports.some(p => !JUDGED.has(p.istioProtocol.toUpperCase())),
        )
        .map(s => placeKey({ clusterId: id, namespace: s.namespace }))
        .filter(key => isolated.has(key)),
    ),
  );
}
