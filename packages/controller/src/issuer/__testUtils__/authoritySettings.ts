import {
  AuthoritySettings,
  LABEL_MANAGED_BY,
  LABEL_STATE,
  MANAGED_BY,
} from '@isthmus/plugin-gns-common';
import { KubeObject } from '../../kube/KubeApi';
import { SecretRole } from '../../state/SecretStore';
import {
  IssuerRecord,
  IssuingRecord,
  issuerSecretName,
  pack,
} from '../kept/issuerRecord';
import { TestAuthority } from './testIssuer';

/** Settings of one global namespace as a hub delivers them. */
export function authoritySettings(
  roots: readonly TestAuthority[],
  namespaces: Record<string, AuthoritySettings['namespaces'][number]['phase']>,
  over: Partial<AuthoritySettings> = {},
): AuthoritySettings {
  return {
    trustDomain: { mode: 'mesh' },
    leafTtlSeconds: 3600,
    bundle: {
      epoch: 1,
      roots: roots
        .map(r => ({ keyId: r.keyId.toString('hex'), pem: r.pem }))
        .sort((a, b) => (a.keyId < b.keyId ? -1 : 1)),
    },
    meshRoots: [],
    issuer: {
      rootKeyId: roots[0].keyId.toString('hex'),
      crossCertificates: [],
    },
    namespaces: Object.entries(namespaces).map(([name, phase]) => ({
      name,
      phase,
      step: 1,
    })),
    restart: 'manual',
    ...over,
  };
}

/** The record of a cluster that holds an issuer. */
export function issuerRecord(
  gns: string,
  settings: AuthoritySettings,
  issuer?: TestAuthority,
): IssuerRecord {
  return {
    version: 1,
    gns,
    settings,
    ...(issuer
      ? {
          issuer: {
            key: issuer.keyPem,
            certificate: issuer.pem,
            serial: issuer.certificate.serialNumber.toLowerCase(),
            keyId: issuer.keyId.toString('hex'),
            rootKeyId: settings.issuer.rootKeyId,
            notBefore: issuer.certificate.validFromDate.toISOString(),
            notAfter: issuer.certificate.validToDate.toISOString(),
          },
        }
      : {}),
  };
}

/** A Secret as the controller keeps it. */
export function stateSecret(
  name: string,
  role: SecretRole,
  record: unknown,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name,
      namespace: 'isthmus-system',
      labels: { [LABEL_MANAGED_BY]: MANAGED_BY, [LABEL_STATE]: role },
    },
    data: { content: pack(record).toString('base64') },
  };
}

export const issuerSecret = (record: IssuerRecord) =>
  stateSecret(issuerSecretName(record.gns), 'issuer', record);

export const issuingSecret = (record: IssuingRecord) =>
  stateSecret('isthmus-issuing', 'issuing', record);
