import { createHash } from 'node:crypto';
import { IdentityPhase, canonicalJson } from '@isthmus/plugin-gns-common';
import { messageOf } from '../../logging';
import { LoadedIssuer, loadIssuer } from '../core/loadIssuer';
import { IssuerRecord, IssuingRecord } from './issuerRecord';

/** What a replica issues with for one global namespace, ready to use. */
export interface LoadedAuthority {
  gns: string;
  /** Of the settings: equal digests, equal settings. */
  digest: string;
  bundleEpoch: number;
  /** Key ids of the roots, sorted. */
  bundleRoots: readonly string[];
  /** Longest life of a leaf, milliseconds. */
  leafTtl: number;
  /** Undefined: Istio's own, and it is not known yet. */
  trustDomain: string | undefined;
  issuer: LoadedIssuer | undefined;
  /** Why there is no usable issuer. */
  issuerFault: string | undefined;
  /** PEM; follow the issuer in every chain. */
  crossCertificates: readonly string[];
  /** PEM bundles: with the roots of the meshes, and without. */
  bundles: { shared: string; isolated: string };
  namespaces: ReadonlyMap<string, { phase: IdentityPhase; step: number }>;
}

/** Makes use of a kept record. An issuer that does not fit is left out and told. */
export function loadAuthority(
  record: IssuerRecord,
  mesh: IssuingRecord | undefined,
): LoadedAuthority {
  const { gns, settings } = record;
  const roots = settings.bundle.roots.map(r => r.pem);
  const meshRoots = withoutDoubles([
    ...settings.meshRoots,
    ...(mesh?.meshRoots ?? []),
  ]);
  const { issuer, fault } = issuerOf(record);
  return {
    gns,
    digest: digestOfSettings(settings),
    bundleEpoch: settings.bundle.epoch,
    bundleRoots: settings.bundle.roots.map(r => r.keyId).sort(),
    leafTtl: settings.leafTtlSeconds * 1000,
    trustDomain:
      settings.trustDomain.mode === 'own'
        ? settings.trustDomain.name
        : mesh?.meshTrustDomain,
    issuer,
    issuerFault: fault,
    // They vouch for the wanted root only: an issuer of an older one needs none.
    crossCertificates:
      issuer?.rootKeyId === settings.issuer.rootKeyId
        ? settings.issuer.crossCertificates
        : [],
    bundles: {
      isolated: withoutDoubles(roots).join(''),
      shared: withoutDoubles([...roots, ...meshRoots]).join(''),
    },
    namespaces: new Map(
      // What has ended issues for nobody.
      record.endedAt
        ? []
        : settings.namespaces.map(n => [
            n.name,
            { phase: n.phase, step: n.step },
          ]),
    ),
  };
}

export function digestOfSettings(settings: IssuerRecord['settings']): string {
  return createHash('sha256').update(canonicalJson(settings)).digest('hex');
}

function issuerOf(record: IssuerRecord): {
  issuer?: LoadedIssuer;
  fault?: string;
} {
  const { issuer, settings } = record;
  if (!issuer) return { fault: 'It has no issuer yet' };
  try {
    return {
      issuer: loadIssuer({
        certificate: issuer.certificate,
        key: issuer.key,
        roots: settings.bundle.roots,
      }),
    };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

/** PEM certificates without those that stand there before, each ended by a line feed. */
export function withoutDoubles(pems: readonly string[]): string[] {
  const seen = new Set<string>();
  return pems.flatMap(pem => {
    const body = pem.replace(/\s/g, '');
    if (seen.has(body)) return [];
    seen.add(body);
    return [`${pem.trimEnd()}\n`];
  });
}

const CERTIFICATE =
  /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM bundle, one by one. */
export function splitBundle(bundle: string): string[] {
  return bundle.match(CERTIFICATE) ?? [];
}
