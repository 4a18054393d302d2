import { z } from 'zod';
import { DNS_LABEL, DNS_SUBDOMAIN, isDomain } from '../dns';

/**
 * The identity half of the contract between hub and local controller: what a
 * controller shall issue and to whom, how it asks for an issuer, and what it
 * measured. Every list is sorted by its first member, so that equal states have
 * equal texts; bundles are compared as sets ({@link sameCertificates}).
 */

/** Largest certificate signing request that anybody takes, in characters of PEM. */
export const MAX_CSR_LENGTH = 16 * 1024;

/** Most issue records in one report. */
export const MAX_ISSUE_RECORDS = 5000;

/** One certificate, PEM: a few hundred bytes for ours, up to 8 KiB for a mesh root. */
export const certificatePemSchema = z
  .string()
  .max(8192)
  .regex(
    /^-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/]{1,64}\n)*[A-Za-z0-9+/]{1,64}={0,2}\n-----END CERTIFICATE-----\n$/,
    'is no PEM certificate: write one, with lines of 64 characters, ended by a line feed',
  );

/** Key id of a CA: the first 160 bits of SHA-256 of its SubjectPublicKeyInfo (RFC 7093, method 1), lower-case hex. */
export const keyIdSchema = z
  .string()
  .regex(/^[0-9a-f]{40}$/, 'is no key id: 40 lower-case hexadecimal digits');

/** Serial number of a certificate, lower-case hex of whole bytes. */
export const serialSchema = z
  .string()
  .regex(/^([0-9a-f]{2}){1,20}$/, 'is no serial number: 2 to 40 hex digits');

const gnsNameSchema = z.string().regex(DNS_LABEL).max(63);
const objectNameSchema = z.string().max(253).regex(DNS_SUBDOMAIN);

/**
 * What the pods of one member namespace are issued, and what they trust.
 *
 * | phase     | leaf               | bundle                          | next start of a pod |
 * |-----------|--------------------|---------------------------------|---------------------|
 * | `adopt`   | of its own istiod  | GNS roots + mesh roots          | with our CA         |
 * | `dual`    | of the GNS         | GNS roots + mesh roots          | with our CA         |
 * | `isolate` | of the GNS         | GNS roots                       | with our CA         |
 * | `release` | of its own istiod  | GNS roots + mesh roots          | with istiod as CA   |
 *
 * Joining runs adopt → dual → isolate; leaving runs isolate → dual → adopt →
 * release, after which the namespace is in the list no more.
 */
export const identityPhaseSchema = z.enum([
  'adopt',
  'dual',
  'isolate',
  'release',
]);
export type IdentityPhase = z.infer<typeof identityPhaseSchema>;

/** The roots that the workloads of one global namespace trust. */
export const trustBundleSchema = z.strictObject({
  /** Grows with every change of `roots` or of the mesh roots beside them; never falls. */
  epoch: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  /** Self-signed roots, sorted by key id. */
  roots: z
    .array(z.strictObject({ keyId: keyIdSchema, pem: certificatePemSchema }))
    .min(1)
    .max(8),
});
export type TrustBundle = z.infer<typeof trustBundleSchema>;

/** How a cluster's controller issues identities for one global namespace. */
export const authoritySettingsSchema = z.strictObject({
  /** `mesh`: the trust domain of the cluster's own Istio. */
  trustDomain: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('mesh') }),
    z.strictObject({
      mode: z.literal('own'),
      name: z.string().refine(isDomain, 'is no trust domain'),
    }),
  ]),
  /** Longest life of a leaf, seconds. */
  leafTtlSeconds: z
    .number()
    .int()
    .min(10)
    .max(24 * 3600),
  bundle: trustBundleSchema,
  /**
   * Roots of the meshes of all member clusters, the cluster's own among them
   * once it reported them. In `adopt`, `dual` and `release` they stand in the bundle
   * beside the GNS roots, with the cluster's own as it is now.
   */
  meshRoots: z.array(certificatePemSchema).max(200),
  issuer: z.strictObject({
    /** Key id of the root that shall have signed this cluster's issuer: another one means "ask for a new issuer". */
    rootKeyId: keyIdSchema,
    /**
     * That root, signed by older ones that are still trusted somewhere. They
     * follow the issuer in the chain of every leaf, so that peers that know
     * only an older root verify it.
     */
    crossCertificates: z.array(certificatePemSchema).max(8),
  }),
  /** Member namespaces of this cluster, and those that are leaving. */
  namespaces: z
    .array(
      z.strictObject({
        name: objectNameSchema,
        phase: identityPhaseSchema,
        /** Grows with every change of `phase`: a report that names it was measured in this phase, not in an earlier one of the same name. */
        step: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
        /**
         * Pods that started before this time still hold connections of callers
         * that lost their right, which only their end closes (raw TCP): they wait for a
         * restart too.
         */
        restartStartedBefore: z.iso.datetime().optional(),
      }),
    )
    .max(10_000),
  /** `rolling`: the controller restarts what waits, one workload at a time. `manual`: it tells only. */
  restart: z.enum(['manual', 'rolling']),
});
export type AuthoritySettings = z.infer<typeof authoritySettingsSchema>;

/** By global namespace; one that is not there is not issued for. */
export const authoritiesSettingsSchema = z
  .record(gnsNameSchema, authoritySettingsSchema)
  .refine(
    record => Object.keys(record).length <= 1000,
    'names more than 1000 global namespaces',
  );

/**
 * `POST issuer`. The cluster is the one of the verified key. The request is
 * PKCS #10: a P-256 key, a valid self-signature, the subject of
 * {@link issuerSubject}, no attribute and no extension. Asking again with the same key
 * gives the same certificate while it is young. 403: no member; 429 and 503 carry `Retry-After`.
 */
export const issuerRequestSchema = z.strictObject({
  gns: gnsNameSchema,
  csr: z
    .string()
    .max(MAX_CSR_LENGTH)
    .regex(
      /^-----BEGIN CERTIFICATE REQUEST-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE REQUEST-----\s*$/,
      'is no PEM certificate request',
    ),
});
export type IssuerRequest = z.infer<typeof issuerRequestSchema>;

export const issuerResponseSchema = z.strictObject({
  /** The issuer, then the cross certificates of its root. */
  chain: z.array(certificatePemSchema).min(1).max(9),
  serial: serialSchema,
  rootKeyId: keyIdSchema,
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  /** As in the settings that are delivered next. */
  bundle: trustBundleSchema,
});
export type IssuerResponse = z.infer<typeof issuerResponseSchema>;

/**
 * Subject of a cluster's issuer, most significant first; distinct per key, so
 * that no two CA certificates of different keys share a name.
 */
export function issuerSubject(options: {
  gns: string;
  /** The cluster's name at the hub. */
  cluster: string;
  keyId: string;
}): readonly (readonly ['O' | 'OU' | 'CN', string])[] {
  return [
    ['O', options.gns],
    ['OU', options.cluster],
    ['CN', `issuer ${options.keyId}`],
  ];
}

const podCount = z.number().int().nonnegative().max(100_000);

/** Pods of one workload, by what they were last given. */
export const workloadIdentitySchema = z.strictObject({
  namespace: objectNameSchema,
  kind: z.string().max(63),
  name: objectNameSchema,
  /** Running pods with a sidecar: the sum of all counts below but `restarting`. */
  pods: podCount,
  /** Their set-up is not that of the phase's next start (table above): they wait for a restart. */
  awaitingRestart: podCount,
  /** Set up for our CA, but nothing is known of what they hold. Never counts as proof. */
  unknown: podCount,
  /** The controller restarts this workload now. */
  restarting: z.boolean(),
  /** What the others hold: the answer to their last request. */
  held: z
    .array(
      z.strictObject({
        phase: identityPhaseSchema,
        bundleEpoch: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
        /** Key id of the root above the leaf's issuer; `mesh`: istiod issued it. */
        leafRoot: z.union([keyIdSchema, z.literal('mesh')]),
        pods: podCount,
      }),
    )
    .max(64),
});
export type WorkloadIdentity = z.infer<typeof workloadIdentitySchema>;

/** An issuer as its cluster holds it. */
export const heldIssuerSchema = z.strictObject({
  serial: serialSchema,
  keyId: keyIdSchema,
  rootKeyId: keyIdSchema,
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  /** So that a hub that was restored from an older backup recognises what it once signed. */
  certificate: certificatePemSchema,
});

/** What one cluster measured for one global namespace. */
export const reportedAuthoritySchema = z.strictObject({
  /** Newest bundle that all serving replicas give out, and that is stored. 0: none yet. */
  bundleEpoch: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  /** Key ids of its GNS roots, sorted. */
  bundleRoots: z.array(keyIdSchema).max(8),
  /** Absent: none yet. */
  issuer: heldIssuerSchema.optional(),
  namespaces: z
    .array(
      z.strictObject({
        name: objectNameSchema,
        /** Phase that all serving replicas apply, and its step; `workloads` was measured after that. */
        phase: identityPhaseSchema,
        step: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
        /**
         * Pods may be sent to our CA: it serves, holds an issuer, its serving
         * root stands in the namespace, istiod lists the trust domain where it must, and
         * nothing else is in the way (conditions say what).
         */
        ready: z.boolean(),
      }),
    )
    .max(10_000),
  workloads: z.array(workloadIdentitySchema).max(50_000),
});
export type ReportedAuthority = z.infer<typeof reportedAuthoritySchema>;

/** `report.identity`: always whole; left out while nothing in it changed since the last acknowledged report. */
export const identityReportSchema = z.strictObject({
  observedAt: z.iso.datetime(),
  /** What Istio's own proxies of this cluster trust. */
  meshRoots: z.array(certificatePemSchema).max(20),
  authorities: z
    .record(gnsNameSchema, reportedAuthoritySchema)
    .refine(
      record => Object.keys(record).length <= 1000,
      'names more than 1000 global namespaces',
    ),
});
export type IdentityReport = z.infer<typeof identityReportSchema>;

/** One certificate that a workload was given. Idempotent by cluster and serial number. */
export const issueRecordSchema = z.strictObject({
  serial: serialSchema,
  gns: gnsNameSchema,
  namespace: objectNameSchema,
  serviceAccount: objectNameSchema,
  pod: objectNameSchema,
  podUid: z.string().regex(/^[0-9A-Za-z-]{1,64}$/),
  spiffeId: z
    .string()
    .max(2048)
    .regex(/^spiffe:\/\/[!-~]+$/, 'is no SPIFFE id'),
  /** Null: istiod's, passed on in `adopt` or `release`. */
  issuerKeyId: keyIdSchema.nullable(),
  rootKeyId: keyIdSchema.nullable(),
  bundleEpoch: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  issuedAt: z.iso.datetime(),
  notAfter: z.iso.datetime(),
});
export type IssueRecord = z.infer<typeof issueRecordSchema>;

/** SPIFFE id of a service account. */
export function spiffeId(
  trustDomain: string,
  namespace: string,
  serviceAccount: string,
): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

/** True when both lists hold the same certificates, in whatever order and however often. */
export function sameCertificates(
  a: readonly string[],
  b: readonly string[],
): boolean {
  const bodies = (list: readonly string[]) =>
    new Set(list.map(pem => pem.replace(/-----[A-Z ]+-----|\s/g, '')));
  const [left, right] = [bodies(a), bodies(b)];
  return left.size === right.size && [...left].every(body => right.has(body));
}
