import type { z } from 'zod';
import { queryOf, type RestTransport } from '../rest/RestTransport';
import * as s from './schemas';

function pathOf(gns: string): string {
  return `/global-namespaces/${encodeURIComponent(gns)}/authority`;
}

/** Client of the certificate authorities. */
export class AuthorityClient {
  readonly #rest: RestTransport;

  constructor(rest: RestTransport) {
    this.#rest = rest;
  }

  /** The keys that protect all authorities. */
  getKeyProtection(signal?: AbortSignal) {
    return this.#rest.read(s.keyProtectionSchema, '/authority', signal);
  }

  list(signal?: AbortSignal) {
    return this.#rest.read(
      s.authoritySummaryListSchema,
      '/authorities',
      signal,
    );
  }

  /** 404: this global namespace never had one. */
  get(gns: string, signal?: AbortSignal) {
    return this.#rest.read(s.gnsAuthoritySchema, pathOf(gns), signal);
  }

  getTrustBundle(gns: string, signal?: AbortSignal) {
    return this.#rest.read(
      s.trustBundleDownloadSchema,
      `${pathOf(gns)}/bundle`,
      signal,
    );
  }

  listIssuances(
    gns: string,
    query: s.IssuanceQuery = {},
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      s.issuanceListSchema,
      `${pathOf(gns)}/issuances${queryOf({ ...query })}`,
      signal,
    );
  }

  /** A step of the rotation. `force`: although something is not proven. */
  rotate(
    gns: string,
    action: s.AuthorityRotationAction,
    request: z.input<typeof s.rotationRequestSchema> = {},
  ) {
    return this.#rest.post(
      s.gnsAuthoritySchema,
      `${pathOf(gns)}/rotation/${action}`,
      request,
    );
  }

  decideTransition(
    gns: string,
    request: z.input<typeof s.transitionRequestSchema>,
  ) {
    return this.#rest.post(
      s.gnsAuthoritySchema,
      `${pathOf(gns)}/transition`,
      request,
    );
  }

  /** What would break. */
  previewRevocation(gns: string, keyId: string, signal?: AbortSignal) {
    return this.#rest.read(
      s.revocationPreviewSchema,
      `${pathOf(gns)}/roots/${encodeURIComponent(keyId)}/revocation`,
      signal,
    );
  }

  /** `hash`: of the preview that was confirmed. */
  revoke(
    gns: string,
    keyId: string,
    request: z.input<typeof s.revokeRequestSchema>,
  ) {
    return this.#rest.post(
      s.gnsAuthoritySchema,
      `${pathOf(gns)}/roots/${encodeURIComponent(keyId)}/revoke`,
      request,
    );
  }

  exportBackup(
    gns: string,
    request: z.input<typeof s.exportRequestSchema> = {},
  ) {
    return this.#rest.post(
      s.authorityBackupSchema,
      `${pathOf(gns)}/export`,
      request,
    );
  }

  importRoots(gns: string, request: s.AuthorityImportRequest) {
    return this.#rest.post(
      s.gnsAuthoritySchema,
      `${pathOf(gns)}/import`,
      request,
    );
  }

  /** What a cluster issues, and how long it can live alone. */
  listClusterIssuers(cluster: string, signal?: AbortSignal) {
    return this.#rest.read(
      s.clusterIssuersSchema,
      `/clusters/${encodeURIComponent(cluster)}/issuers`,
      signal,
    );
  }
}
