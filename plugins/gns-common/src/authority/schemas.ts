import { z } from 'zod';
import { conditionSchema } from '../conditions';
import {
  identityPhaseSchema,
  keyIdSchema,
  serialSchema,
} from '../contract/authority';
import { lineSchema } from '../kinds/metadata';
import { coverageSchema } from '../rest/coverage';

/**
 * Answers about the certificate authority of a global namespace. Clusters
 * stand by their names. No answer holds a private key, sealed or not, but the
 * backup, whose keys open only with a key-encryption key of the hub.
 */

const time = z.iso.datetime();
const count = z.number().int().nonnegative();

/** Whether an authority can sign now. While it cannot, everything that was signed stays valid. */
export const authorityAvailabilitySchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('signing') }),
  z.strictObject({
    state: z.literal('unavailable'),
    reason: z.enum([
      'KeyMissing',
      'DevelopmentKey',
      'KeyUnavailable',
      'KeyWrong',
      'RootLost',
      'KnownElsewhere',
      'NotCreated',
      'RootExpired',
      'ReadOnly',
    ]),
    /** With the remedy. */
    message: z.string(),
  }),
]);
export type AuthorityAvailability = z.infer<typeof authorityAvailabilitySchema>;

/** `prepared`: trusted, signs nothing yet. `active`: signs. `old`: trusted, signs nothing more. `revoked`: trusted nowhere, its key destroyed. */
export const rootStateSchema = z.enum([
  'pending',
  'prepared',
  'active',
  'old',
  'revoked',
]);
export type AuthorityRootState = z.infer<typeof rootStateSchema>;

export const authorityRootSchema = z.strictObject({
  keyId: keyIdSchema,
  state: rootStateSchema,
  stateSince: time,
  createdAt: time,
  createdBy: z.string(),
  origin: z.enum(['made', 'imported']),
  /** A person prepared it, so a person takes the next steps too. */
  byHand: z.boolean(),
  /** Absent while `pending`: its key is being made. */
  certificate: z
    .strictObject({
      pem: z.string(),
      serial: serialSchema,
      /** SHA-256 of the certificate, hex. */
      fingerprint: z.string(),
      notBefore: time,
      notAfter: time,
    })
    .optional(),
  /** Where its key is. `none`: destroyed, or never held here. */
  key: z.discriminatedUnion('held', [
    z.strictObject({
      held: z.literal('sealed'),
      protector: z.string(),
      /** Key-encryption key. */
      keyId: z.string(),
    }),
    z.strictObject({ held: z.literal('remote'), protector: z.string() }),
    z.strictObject({ held: z.literal('none') }),
  ]),
  /** Older roots that signed it too, so that who knows only those verifies what stands below it. */
  crossSignedBy: z.array(
    z.strictObject({ keyId: keyIdSchema, notAfter: time }),
  ),
  /** When the automatic rotation takes its steps; of the active root only. */
  due: z
    .strictObject({ prepareAt: time, activateAt: time, forceAt: time })
    .optional(),
  /** Pods whose leaf is under it, as the clusters last said. */
  pods: count,
  /** Clusters with a valid issuer under it, as far as anybody knows. */
  issuerClusters: z.array(z.string()),
});
export type AuthorityRoot = z.infer<typeof authorityRootSchema>;

export const podCountsSchema = z.strictObject({
  /** Running pods with a sidecar. */
  total: count,
  /** With a leaf of this authority. */
  own: count,
  /** With a leaf of the mesh. */
  mesh: count,
  /** Nothing is known of what they hold. */
  unknown: count,
  awaitingRestart: count,
});
export type AuthorityPodCounts = z.infer<typeof podCountsSchema>;

export const authorityIssuerSchema = z.strictObject({
  serial: serialSchema,
  keyId: keyIdSchema,
  rootKeyId: keyIdSchema,
  notBefore: time,
  notAfter: time,
  /** The cluster asks for the next one from here. */
  renewAt: time,
});
export type AuthorityIssuer = z.infer<typeof authorityIssuerSchema>;

/** One cluster with members, and its issuer. */
export const authorityClusterSchema = z.strictObject({
  cluster: z.string(),
  coverage: coverageSchema,
  /** As it said itself; absent: none, or it never spoke of it. */
  issuer: authorityIssuerSchema.optional(),
  /** Other issuers that were signed for it and are still valid. */
  formerIssuers: z.array(authorityIssuerSchema),
  /** Newest bundle that it serves; 0: none. Absent: it never said. */
  bundleEpoch: count.optional(),
  /** The hub may be gone until then: the end of its issuer. */
  aloneUntil: time.optional(),
  pods: podCountsSchema,
});
export type AuthorityCluster = z.infer<typeof authorityClusterSchema>;

/** Why a phase does not move yet. */
export const transitionWaitSchema = z.strictObject({
  reason: z.enum([
    'paused',
    'clusterSilent',
    'clusterWithoutCa',
    'namespaceTaken',
    'notReady',
    'notAcknowledged',
    'podsAwaitRestart',
    'podsUnknown',
    'bundleNotHeld',
    'meshLeaf',
    'ownLeaf',
    'outsideCallers',
    'callersUnknown',
  ]),
  cluster: z.string().optional(),
  namespace: z.string().optional(),
  /** Its name; of `outsideCallers`: the caller, `<cluster>/<namespace>/<workload>`. */
  workload: z.string().optional(),
  pods: count.optional(),
});
export type TransitionWait = z.infer<typeof transitionWaitSchema>;

export const transitionMemberSchema = z.strictObject({
  cluster: z.string(),
  namespace: z.string(),
  /** `joining` until `isolate` is proven, then `member`. */
  direction: z.enum(['joining', 'member', 'leaving']),
  phase: identityPhaseSchema,
  since: time,
  /** Its pods are sent to the authority when they start. */
  configured: z.boolean(),
  /** Every pod holds what the phase gives. */
  proven: z.boolean(),
  /** Since when every pod trusts this global namespace alone. */
  isolatedAt: time.optional(),
  /** A policy refuses everybody else, also on connections that were open before. */
  closed: z.boolean(),
  pods: podCountsSchema,
});
export type TransitionMember = z.infer<typeof transitionMemberSchema>;

export const outsideCallerSchema = z.strictObject({
  cluster: z.string(),
  namespace: z.string(),
  workload: z.string(),
  /** Member namespace that it calls. */
  calls: z.strictObject({ cluster: z.string(), namespace: z.string() }),
  /** A person gave it up: it will be refused. */
  waived: z.boolean(),
});

export const transitionSchema = z.strictObject({
  /** `settled`: every member is where it shall be. */
  state: z.enum(['settled', 'moving', 'waiting', 'paused']),
  paused: z.boolean(),
  members: z.array(transitionMemberSchema),
  /** What keeps members from their next phase; empty: nothing. */
  waits: z.array(transitionWaitSchema),
  /** Callers that are no members: they are refused once leaves come from this authority. */
  outside: z.discriminatedUnion('state', [
    z.strictObject({
      state: z.literal('known'),
      callers: z.array(outsideCallerSchema),
    }),
    z.strictObject({ state: z.literal('unknown'), reason: z.string() }),
  ]),
  /** A person gave up callers that nobody can measure. */
  unmeasuredWaived: z.boolean(),
});
export type Transition = z.infer<typeof transitionSchema>;

const shareSchema = z.strictObject({
  clusters: count,
  meeting: count,
  /** Names: recent reports say that they do not meet it yet. */
  waiting: z.array(z.string()),
  /** Names: nothing recent is known. */
  silent: z.array(z.string()),
});
const podShareSchema = z.strictObject({ pods: count, meeting: count });

export const rotationActionSchema = z.enum([
  'prepare',
  'activate',
  'retire',
  'reverse',
  'pause',
  'resume',
]);
export type AuthorityRotationAction = z.infer<typeof rotationActionSchema>;

export const rotationSchema = z.strictObject({
  /** `idle`: one root. `prepared`: the next one is being trusted. `overlap`: the new one signs, old ones are still trusted. */
  step: z.enum(['idle', 'prepared', 'overlap']),
  paused: z.boolean(),
  /** The hub goes on by itself; false: a person began it and a person ends it. */
  automatic: z.boolean(),
  /** Measured, from reports. */
  proof: z.strictObject({
    /** Clusters that serve the newest bundle. */
    bundleClusters: shareSchema,
    /** Pods that hold it. */
    bundlePods: podShareSchema,
    /** Clusters whose issuer is under the active root. */
    issuers: shareSchema,
    /** Leaves under the active root, of those of this authority. */
    leaves: podShareSchema,
  }),
  /** What may be done now. `unproven`: only with `force`; the message says what would break. */
  actions: z.record(
    rotationActionSchema,
    z.strictObject({
      state: z.enum(['allowed', 'unproven', 'impossible']),
      message: z.string().optional(),
    }),
  ),
});
export type AuthorityRotation = z.infer<typeof rotationSchema>;

/** `GET global-namespaces/{name}/authority`; 404 where there never was one. */
export const gnsAuthoritySchema = z.strictObject({
  gns: z.string(),
  /** As the definition says now; `mesh`: members are leaving, or all have left. `none`: there is no definition any more. */
  mode: z.enum(['dedicated', 'mesh', 'none']),
  trustDomain: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('mesh') }),
    z.strictObject({ mode: z.literal('own'), name: z.string() }),
  ]),
  leafTtlSeconds: z.number().int().positive(),
  issuerTtlSeconds: z.number().int().positive(),
  createdAt: time,
  availability: authorityAvailabilitySchema,
  bundleEpoch: count,
  /** Oldest first. */
  roots: z.array(authorityRootSchema),
  clusters: z.array(authorityClusterSchema),
  pods: podCountsSchema,
  transition: transitionSchema,
  rotation: rotationSchema,
  conditions: z.array(conditionSchema),
});
export type GnsAuthority = z.infer<typeof gnsAuthoritySchema>;

export const authoritySummarySchema = gnsAuthoritySchema
  .pick({ gns: true, mode: true, availability: true, pods: true })
  .extend({
    transition: transitionSchema.shape.state,
    rotation: rotationSchema.shape.step,
    /** End of the active root; absent: there is none. */
    rootNotAfter: time.optional(),
    /** The issuer that ends first. */
    issuerNotAfter: time.optional(),
  });
export type AuthoritySummary = z.infer<typeof authoritySummarySchema>;
export const authoritySummaryListSchema = z.strictObject({
  items: z.array(authoritySummarySchema),
});

/** One certificate that a workload was given. */
export const issuanceSchema = z.strictObject({
  cluster: z.string(),
  serial: serialSchema,
  namespace: z.string(),
  serviceAccount: z.string(),
  pod: z.string(),
  podUid: z.string(),
  spiffeId: z.string(),
  /** Null: istiod's, passed on. */
  issuerKeyId: keyIdSchema.nullable(),
  rootKeyId: keyIdSchema.nullable(),
  bundleEpoch: count,
  issuedAt: time,
  notAfter: time,
});
export type Issuance = z.infer<typeof issuanceSchema>;
export const issuanceListSchema = z.strictObject({
  /** Newest first. */
  items: z.array(issuanceSchema),
  /** Opaque; absent: there are no older ones. */
  nextCursor: z.string().optional(),
});

/** What to list of the issuance log. */
export interface IssuanceQuery {
  /** In namespace, service account, pod, SPIFFE id; or the beginning of a serial number. */
  search?: string;
  cluster?: string;
  /** `valid`: not over yet. `expiring`: of each pod the newest, when more than three quarters of its life are over. */
  state?: 'all' | 'valid' | 'expiring';
  cursor?: string;
  /** 1 to 500, 50 by default. */
  limit?: number;
}

/** `GET …/authority/bundle`; with `Accept: application/x-pem-file` the text alone. */
export const trustBundleDownloadSchema = z.strictObject({
  gns: z.string(),
  epoch: count,
  rootKeyIds: z.array(keyIdSchema),
  /** All roots, one after the other. */
  pem: z.string(),
});
export type TrustBundleDownload = z.infer<typeof trustBundleDownloadSchema>;

const reason = lineSchema(500).default('');

/** `POST …/authority/rotation/{action}` */
export const rotationRequestSchema = z.strictObject({
  /** Do it although something is not proven; the answer to `GET` says what would break. */
  force: z.boolean().default(false),
  reason,
});

/** `POST …/authority/transition` */
export const transitionRequestSchema = z.strictObject({
  /** Absent: stays as it is. */
  paused: z.boolean().optional(),
  /** Callers to give up from now on, `<cluster>/<namespace>/<workload>`: the whole list. */
  waivedCallers: z.array(lineSchema(600)).max(1000).optional(),
  /** Go on although nobody measured who calls from outside. */
  waiveUnmeasured: z.boolean().optional(),
  reason,
});

/** `GET …/authority/roots/{keyId}/revocation`: what would break. */
export const revocationPreviewSchema = z.strictObject({
  keyId: keyIdSchema,
  state: rootStateSchema,
  possible: z.boolean(),
  /** Why not; or what happens, in one sentence. */
  text: z.string(),
  /** Send it with the revocation; another answer by then gives 409. */
  hash: z.string(),
  /** Pods whose leaf is under it: refused by everybody who got the new bundle. */
  breaks: z.array(
    z.strictObject({
      cluster: z.string(),
      namespace: z.string(),
      workload: z.string(),
      pods: count,
    }),
  ),
  /** Clusters with a valid issuer under it; they need a new one before they can issue. */
  issuerClusters: z.array(z.string()),
  /** Clusters that nobody heard of: they go on trusting it until they are back. */
  silentClusters: z.array(z.string()),
});
export type RevocationPreview = z.infer<typeof revocationPreviewSchema>;

/** `POST …/authority/roots/{keyId}/revoke` */
export const revokeRequestSchema = z.strictObject({
  /** Of the preview that was confirmed. */
  hash: z.string().max(128),
  reason: lineSchema(500),
});

/** A backup of roots; its keys open only with the key-encryption keys that sealed them. */
export const authorityBackupSchema = z.strictObject({
  apiVersion: z.literal('gns.isthmus.dev/authority-backup/v1'),
  gns: z.string(),
  exportedAt: time,
  roots: z
    .array(
      z.strictObject({
        keyId: keyIdSchema,
        state: z.enum(['prepared', 'active', 'old']),
        certificate: z.string(),
        /** Opaque. Absent: its key is held elsewhere. */
        sealed: z.record(z.string(), z.unknown()).optional(),
        protector: z.string(),
        keyReference: z.string().optional(),
      }),
    )
    .min(1)
    .max(8),
});
export type AuthorityBackup = z.infer<typeof authorityBackupSchema>;

/** `POST …/authority/export` */
export const exportRequestSchema = z.strictObject({ reason });

/**
 * `POST …/authority/import`. `root`: a CA of yours becomes the next root
 * (prepared). `backup`: roots that this hub lost come back.
 */
export const importRequestSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('root'),
    /** A self-signed CA certificate, PEM. */
    certificate: z.string().max(16 * 1024),
    /** Its key, PKCS #8, PEM: it is sealed at once and never answered. */
    privateKey: z.string().max(16 * 1024),
    reason,
  }),
  z.strictObject({
    type: z.literal('backup'),
    backup: authorityBackupSchema,
    reason,
  }),
]);
export type AuthorityImportRequest = z.input<typeof importRequestSchema>;

/** `GET authority`: the keys that protect all authorities. */
export const keyProtectionSchema = z.strictObject({
  availability: authorityAvailabilitySchema,
  /** The one that seals new keys. */
  protector: z.string(),
  /** Its key-encryption key; absent: it has none. */
  keyId: z.string().optional(),
  /** The key is known to everybody: for development only. */
  development: z.boolean(),
  /** Keys in use or configured. */
  keys: z.array(
    z.strictObject({
      protector: z.string(),
      keyId: z.string(),
      /** Seals what is new. */
      current: z.boolean(),
      /** It can be used now. False: it was removed while rows need it. */
      present: z.boolean(),
      /** Sealed keys that open with it alone. */
      rows: count,
      /** It may be taken out of the configuration. */
      removable: z.boolean(),
    }),
  ),
  /** Sealing with the newest key, in the background. */
  rewrap: z.strictObject({
    state: z.enum(['done', 'running', 'waiting', 'failed']),
    total: count,
    done: count,
    /** Rows that did not open. */
    failed: count,
    /** Why it waits or failed, with the remedy. */
    message: z.string().optional(),
  }),
});
export type KeyProtection = z.infer<typeof keyProtectionSchema>;

/** `GET clusters/{name}/issuers`: what a cluster issues, and how long it can live alone. */
export const clusterIssuersSchema = z.strictObject({
  coverage: coverageSchema,
  items: z.array(
    authorityClusterSchema
      .omit({ cluster: true, coverage: true })
      .extend({ gns: z.string() }),
  ),
  /** The hub may be gone until then: the end of the issuer that ends first. Absent: it issues nothing. */
  aloneUntil: time.optional(),
});
export type ClusterIssuers = z.infer<typeof clusterIssuersSchema>;
