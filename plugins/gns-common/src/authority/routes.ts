import type { Route } from '../rest/routes';
import * as s from './schemas';

const BASE = '/global-namespaces/{name}/authority';

const ROTATION: Record<s.AuthorityRotationAction, string> = {
  prepare:
    'Make the next root: it is trusted everywhere, and signs nothing yet',
  activate: 'Let the prepared root sign; the former one stays trusted',
  retire: 'Trust the oldest root no more, and destroy its key',
  reverse:
    'Back by one step: drop a prepared root, or let the former one sign again',
  pause: 'Take no step until resumed',
  resume: 'Go on',
};

const READ = 'gns.authority.read';
const ROTATE = 'gns.authority.rotate';

/** Routes of certificate authorities. */
export const authorityRoutes: Route[] = [
  {
    method: 'get',
    path: '/authority',
    operationId: 'getKeyProtection',
    tag: 'authorities',
    summary: 'The keys that protect all authorities, and their change',
    response: s.keyProtectionSchema,
    status: 200,
    permission: READ,
  },
  {
    method: 'get',
    path: '/authorities',
    operationId: 'listAuthorities',
    tag: 'authorities',
    summary: 'All authorities, in short',
    response: s.authoritySummaryListSchema,
    status: 200,
    permission: READ,
  },
  {
    method: 'get',
    path: BASE,
    operationId: 'getAuthority',
    tag: 'authorities',
    summary:
      'Chain, issuers, how far members are, and the rotation with its proof',
    response: s.gnsAuthoritySchema,
    status: 200,
    permission: READ,
  },
  {
    method: 'get',
    path: `${BASE}/bundle`,
    operationId: 'getTrustBundle',
    tag: 'authorities',
    summary:
      'The roots that members trust; `Accept: application/x-pem-file` answers PEM',
    response: s.trustBundleDownloadSchema,
    status: 200,
    permission: READ,
  },
  {
    method: 'get',
    path: `${BASE}/issuances`,
    operationId: 'listIssuances',
    tag: 'authorities',
    summary: 'Certificates that workloads were given, newest first',
    query: {
      search:
        'In namespace, service account, pod, SPIFFE id; or the beginning of a serial number',
      cluster: 'Only of this cluster',
      state: 'all (default), valid, or expiring',
      cursor: 'From nextCursor',
      limit: '1 to 500, 50 by default',
    },
    response: s.issuanceListSchema,
    status: 200,
    permission: READ,
  },
  ...s.rotationActionSchema.options.map(
    (action): Route => ({
      method: 'post',
      path: `${BASE}/rotation/${action}`,
      operationId: `${action}Rotation`,
      tag: 'authorities',
      summary: ROTATION[action],
      request: s.rotationRequestSchema,
      response: s.gnsAuthoritySchema,
      status: 200,
      permission: ROTATE,
    }),
  ),
  {
    method: 'post',
    path: `${BASE}/transition`,
    operationId: 'decideTransition',
    tag: 'authorities',
    summary: 'Pause how members join and leave, or give up callers outside',
    request: s.transitionRequestSchema,
    response: s.gnsAuthoritySchema,
    status: 200,
    permission: ROTATE,
  },
  {
    method: 'get',
    path: `${BASE}/roots/{keyId}/revocation`,
    operationId: 'previewRevocation',
    tag: 'authorities',
    summary: 'What would break if this root were revoked now',
    response: s.revocationPreviewSchema,
    status: 200,
    permission: READ,
  },
  {
    method: 'post',
    path: `${BASE}/roots/{keyId}/revoke`,
    operationId: 'revokeRoot',
    tag: 'authorities',
    summary:
      'Emergency: trust this root no more, at once; of the active one a new one takes its place',
    request: s.revokeRequestSchema,
    response: s.gnsAuthoritySchema,
    status: 200,
    permission: ROTATE,
  },
  {
    method: 'post',
    path: `${BASE}/export`,
    operationId: 'exportAuthority',
    tag: 'authorities',
    summary:
      "A backup of the roots; their keys open only with the hub's key-encryption keys",
    request: s.exportRequestSchema,
    response: s.authorityBackupSchema,
    status: 200,
    permission: 'gns.authority.export',
  },
  {
    method: 'post',
    path: `${BASE}/import`,
    operationId: 'importAuthority',
    tag: 'authorities',
    summary: 'A CA of yours becomes the next root, or a backup comes back',
    request: s.importRequestSchema,
    response: s.gnsAuthoritySchema,
    status: 200,
    permission: 'gns.authority.import',
  },
  {
    method: 'get',
    path: '/clusters/{name}/issuers',
    operationId: 'listClusterIssuers',
    tag: 'authorities',
    summary: 'What a cluster issues, and how long it can live alone',
    response: s.clusterIssuersSchema,
    status: 200,
    permission: READ,
  },
];
