import { z } from 'zod';
import { conditionSchema } from '../conditions';
import { inventorySchema } from '../inventory';
import {
  identityReportSchema,
  issueRecordSchema,
  MAX_ISSUE_RECORDS,
} from './authority';
import { epochSchema } from './epoch';

/**
 * The contract between hub and local controller, under
 * `/api/gns/controllers/v1`. Every request but `enroll` carries
 * `Authorization: Bearer <JWT>` signed by the controller's own ES256 key:
 * header `{ alg: "ES256", kid: <cluster id> }`, claims
 * `{ iss: <cluster id>, aud: <hub id>, iat, exp (≤ 5 min), jti }`.
 * The cluster's identity comes from that key alone. Each token counts for one
 * request: the hub refuses a `jti` (at most 128 characters) that it saw before.
 */
export const CONTROLLERS_PATH = '/controllers/v1';

/** Header with the highest epoch that a controller ever saw, sent with every request. */
export const HIGHEST_EPOCH_HEADER = 'isthmus-highest-epoch';

/**
 * Header with the hub's own signature of that epoch, as it came with the delta
 * ({@link DesiredDelta}.signature). A hub believes an epoch above its own only
 * with it: else one cluster could make the hub read-only for all.
 */
export const HIGHEST_EPOCH_PROOF_HEADER = 'isthmus-highest-epoch-proof';

/** Longest wait of `GET desired`, in seconds: proxies cut at 30. */
export const MAX_WAIT_SECONDS = 25;

/** Largest accepted report, in bytes after decompression. */
export const MAX_REPORT_BYTES = 32 * 1024 * 1024;

/* Stored and shown as it is: PostgreSQL takes no null character, people see no hidden one. */
const versionSchema = z
  .string()
  .max(64)
  .regex(/^[ -~]*$/, 'is no version: use visible ASCII');

/** Public ES256 key. */
export const publicKeySchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  y: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type PublicKey = z.infer<typeof publicKeySchema>;

export const enrollRequestSchema = z.strictObject({
  /** One-time join token, as the portal showed it. */
  token: z.string().min(20).max(200),
  publicKey: publicKeySchema,
  /** UID of the kube-system namespace. */
  clusterUid: z.string().regex(/^[0-9a-fA-F-]{36}$/),
  controllerVersion: versionSchema,
});
export type EnrollRequest = z.infer<typeof enrollRequestSchema>;

export const enrollResponseSchema = z.strictObject({
  clusterId: z.string().max(128),
  clusterName: z.string().max(253),
  hubId: z.string().max(128),
  /** The key that signs desired states: pinned by the controller. */
  hubKey: publicKeySchema,
});
export type EnrollResponse = z.infer<typeof enrollResponseSchema>;

/** `POST rekey`: signed by the old key (JWT), and by the new one inside. */
export const rekeyRequestSchema = z.strictObject({
  publicKey: publicKeySchema,
  /** JWS by the new key over `{ clusterId, purpose: "rekey" }`: proof of possession. */
  proof: z.string().max(4000),
});
export type RekeyRequest = z.infer<typeof rekeyRequestSchema>;

/** What became of one desired object or tombstone. */
export const objectStatusSchema = z.strictObject({
  key: z.string().max(1000),
  gns: z.string().max(63),
  state: z.enum([
    'applied',
    'deleted',
    'failed',
    'conflict',
    'refused',
    'paused',
  ]),
  /** The API server's message, for failed, conflict and refused. */
  message: z.string().max(4000).optional(),
});
export type ObjectStatus = z.infer<typeof objectStatusSchema>;

export const reachabilitySchema = z.strictObject({
  cluster: z.string().max(253),
  address: z.string().max(253),
  port: z.number().int().min(1).max(65535),
  reachable: z.boolean(),
  /** Since when it is so. */
  since: z.iso.datetime(),
  checkedAt: z.iso.datetime(),
  /** Round trip of the TCP handshake, milliseconds. */
  latencyMs: z.number().nonnegative().max(600_000).optional(),
  error: z.string().max(500).optional(),
});
export type Reachability = z.infer<typeof reachabilitySchema>;

/**
 * `POST report`. Idempotent by `sequence`: the hub answers a number that it
 * has seen without applying it again, and refuses lower ones (409).
 */
export const reportSchema = z.strictObject({
  /** Grows by one with every new report; survives restarts. */
  sequence: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  /** Start of this controller process. */
  startedAt: z.iso.datetime(),
  controllerVersion: versionSchema,
  /** The newest epoch whose objects have all been tried. */
  appliedEpoch: epochSchema,
  /** Only the kinds that changed since the last acknowledged report. */
  inventory: inventorySchema.default({}),
  /** All objects that are not `applied`, and those that became `applied` or `deleted` since the last acknowledged report. */
  objects: z.array(objectStatusSchema).max(100_000).default([]),
  /** All conditions of this cluster that the controller found itself. */
  conditions: z.array(conditionSchema).max(10_000).default([]),
  /** Keys of all objects that carry our labels, for orphans; absent: not known now. */
  owned: z
    .array(
      z.strictObject({
        // Becomes a tombstone when nobody wants the object: what no API server has may not pass.
        key: z
          .string()
          .max(1000)
          .regex(/^[!-~]+$/, 'is no key of an object: use visible ASCII'),
        gns: z
          .string()
          .max(63)
          .regex(/^[\w.-]+$/, 'is no value of a label, or empty'),
      }),
    )
    .max(100_000)
    .optional(),
  reachability: z.array(reachabilitySchema).max(1000).default([]),
  /** Paused by annotation in the cluster: `*` or names of global namespaces. */
  pausedLocally: z.array(z.string().max(63)).max(10_000).default([]),
  /** Issuers, bundles and what pods hold; only from clusters that issue. */
  identity: identityReportSchema.optional(),
  /** Oldest first; the acknowledgment of the report is theirs. */
  issueRecords: z.array(issueRecordSchema).max(MAX_ISSUE_RECORDS).optional(),
  /** Records that the controller had to drop since the last report, because the hub was away too long. */
  issueRecordsDropped: z
    .number()
    .int()
    .nonnegative()
    .max(Number.MAX_SAFE_INTEGER)
    .optional(),
});
export type Report = z.infer<typeof reportSchema>;
/** A report as it is built, before defaults. */
export type ReportInput = z.input<typeof reportSchema>;

export const reportResponseSchema = z.strictObject({
  /** The highest sequence that the hub has taken. */
  acknowledged: z.number().int().nonnegative(),
  /** Kinds of inventory that the hub lacks: send them whole next time. */
  wanted: z.array(
    z.enum(['mesh', 'namespaces', 'services', 'workloads', 'gateways']),
  ),
  /** True: the hub lacks `identity`; only to clusters that issue. */
  identityWanted: z.boolean().optional(),
});
export type ReportResponse = z.infer<typeof reportResponseSchema>;
