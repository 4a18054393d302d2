import { z } from 'zod';
import { conditionSchema } from '../conditions';
import { lineSchema } from '../kinds/metadata';
import { problemSchema } from '../problems';
import { reachabilitySchema } from '../contract/controllers';
import { authorityAvailabilitySchema } from '../authority/schemas';
import { statementSchema, totalsSchema } from '../changes/statements';
import { rolloutStrategySchema } from '../rollouts/schemas';
import { coverageSchema, freshnessSchema } from './coverage';

export {
  coverageSchema,
  freshnessSchema,
  type Coverage,
  type Freshness,
} from './coverage';

/**
 * Answers of the REST API under `/api/gns/v1`. The OpenAPI document is
 * generated from these schemas, and the client parses with them.
 */

/** Path of the API below the plugin's base URL. */
export const REST_PATH = '/v1';

/** A stored definition with its generation. */
export const storedDefinitionSchema = z.strictObject({
  /** Goes into `If-Match` as `"<generation>"`. */
  generation: z.number().int().positive(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  updatedBy: z.string(),
  definition: z.looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.looseObject({ name: z.string() }),
    spec: z.record(z.string(), z.unknown()),
  }),
});
export type StoredDefinition = z.infer<typeof storedDefinitionSchema>;

export const definitionListSchema = z.strictObject({
  items: z.array(storedDefinitionSchema),
  /** Opaque; absent: this was the last page. */
  nextCursor: z.string().optional(),
});

/** Answer of PUT and DELETE. */
export const writeResultSchema = z.strictObject({
  result: z.enum(['created', 'updated', 'unchanged', 'deleted']),
  stored: storedDefinitionSchema.optional(),
  warnings: z.array(problemSchema),
});
export type WriteResult = z.infer<typeof writeResultSchema>;

export const revisionSchema = z.strictObject({
  generation: z.number().int().positive(),
  action: z.enum(['create', 'update', 'delete']),
  actor: z.string(),
  at: z.iso.datetime(),
  message: z.string(),
  /** The document after the change; absent after a deletion. */
  definition: z.record(z.string(), z.unknown()).optional(),
  /** Changed paths against the revision before. */
  changes: z.array(
    z.strictObject({
      path: z.string(),
      before: z.unknown().optional(),
      after: z.unknown().optional(),
    }),
  ),
  /** SHA-256 of this audit entry, which contains the hash before it. */
  hash: z.string(),
});
export type Revision = z.infer<typeof revisionSchema>;
export const revisionListSchema = z.strictObject({
  items: z.array(revisionSchema),
  /** The hash chain was recomputed and holds. */
  intact: z.boolean(),
  /** Opaque; absent: there are no older ones. */
  nextCursor: z.string().optional(),
});

export const planRequestSchema = z.strictObject({
  definitions: z.array(z.unknown()).max(100).default([]),
  /** References of definitions to delete, `Kind:[gns/]name`. */
  deletions: z.array(z.string().max(200)).max(100).default([]),
  /** How it shall reach the clusters; the answer then tells what each wave does. */
  strategy: rolloutStrategySchema.optional(),
});

export const planObjectSchema = z.strictObject({
  key: z.string(),
  gns: z.string(),
  change: z.enum(['create', 'update', 'delete']),
  before: z.record(z.string(), z.unknown()).optional(),
  after: z.record(z.string(), z.unknown()).optional(),
});
export const planSchema = z.strictObject({
  /** Send it with the write (`Gns-Plan: <hash>`) so that announced deletions pass. */
  hash: z.string(),
  problems: z.array(problemSchema),
  /** The whole in one sentence, the numbers in it, and what changes for whom. */
  text: z.string(),
  totals: totalsSchema,
  statements: z.array(statementSchema),
  /** Names of what comes and goes. */
  summary: z.strictObject({
    servicesJoin: z.array(z.string()),
    servicesLeave: z.array(z.string()),
    namespacesJoin: z.array(
      z.strictObject({ cluster: z.string(), namespace: z.string() }),
    ),
    namespacesLeave: z.array(
      z.strictObject({ cluster: z.string(), namespace: z.string() }),
    ),
  }),
  clusters: z.array(
    z.strictObject({
      cluster: z.string(),
      objects: z.array(planObjectSchema),
      conditions: z.array(conditionSchema),
    }),
  ),
  /** What each wave does, in the order of the strategy; empty without one. */
  waves: z.array(
    z.strictObject({
      clusters: z.array(z.string()),
      totals: totalsSchema,
      statements: z.array(statementSchema),
    }),
  ),
});
export type Plan = z.infer<typeof planSchema>;

export const clusterSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  title: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  /** `waiting`: token minted, never enrolled. */
  state: z.enum(['waiting', 'enrolled', 'disconnecting']),
  freshness: freshnessSchema,
  lastSeenAt: z.iso.datetime().optional(),
  createdAt: z.iso.datetime(),
  simulated: z.boolean(),
  paused: z.boolean(),
  /** The hub reads it itself: nothing is installed in it, and nothing is written to it. Absent: it has a controller. */
  observed: z.literal(true).optional(),
  /** It serves its own callers, and is offered to no other cluster. */
  drained: z.boolean().default(false),
  /** Paused by annotation inside the cluster: `*` or global namespaces. */
  pausedLocally: z.array(z.string()),
  network: z.string().optional(),
  region: z.string().optional(),
  kubernetesVersion: z.string().optional(),
  istioVersions: z.array(z.string()),
  controllerVersion: z.string().optional(),
  trustDomain: z.string().optional(),
  rootHashes: z.array(z.string()),
  desiredEpoch: z.string(),
  appliedEpoch: z.string(),
  gateways: z.array(
    z.strictObject({
      namespace: z.string(),
      name: z.string(),
      addresses: z.array(z.string()),
      port: z.number(),
      ready: z.boolean(),
    }),
  ),
  reachability: z.array(reachabilitySchema),
  conditions: z.array(conditionSchema),
  /** When the unused join token runs out; absent: none open. */
  tokenExpiresAt: z.iso.datetime().optional(),
});
export type Cluster = z.infer<typeof clusterSchema>;
export const clusterListSchema = z.strictObject({
  items: z.array(clusterSchema),
});

/** Address of a Prometheus without credentials: those belong into a Secret of the cluster. */
export const prometheusUrlSchema = lineSchema(2000).refine(text => {
  if (/\s/.test(text) || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}, 'is no address of a Prometheus: use http(s)://host:port/path without user and password');

export const createClusterRequestSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
      'is no name: use a-z, 0-9 and -',
    ),
  title: lineSchema(120).optional(),
  labels: z.record(lineSchema(317), lineSchema(63)).default({}),
  /** Prometheus of the cluster, for the instructions; it is not stored. */
  prometheusUrl: prometheusUrlSchema.optional(),
  /** Whether the instructions let the controller restart workloads (`authority.restart: rolling`); it is not stored. */
  restartWorkloads: z.boolean().optional(),
});
/** `POST clusters/{name}/token?…` */
export const renewTokenQuerySchema = z.strictObject({
  prometheusUrl: prometheusUrlSchema.optional(),
  restartWorkloads: z.enum(['true', 'false']).optional(),
});
/** Answer of `POST clusters` and `POST clusters/{name}/token`: the token is shown once. */
export const joinTokenSchema = z.strictObject({
  cluster: z.string(),
  token: z.string(),
  expiresAt: z.iso.datetime(),
  hubUrl: z.string(),
  /** Ready to paste. */
  helm: z.string(),
  /** The manifest to apply with kubectl. */
  manifest: z.string(),
});
export type JoinToken = z.infer<typeof joinTokenSchema>;

export const globalServiceSchema = z.strictObject({
  /** The host label. */
  name: z.string(),
  host: z.string(),
  /** The address that the name resolves to inside the mesh. */
  address: z.string().optional(),
  ports: z.array(
    z.strictObject({
      number: z.number(),
      name: z.string(),
      protocol: z.string(),
    }),
  ),
  endpoints: z.array(
    z.strictObject({
      cluster: z.string(),
      namespace: z.string(),
      service: z.string(),
      /** Ready pods that speak mTLS; null: unknown. */
      ready: z.number().nullable(),
      total: z.number().nullable(),
      /** Published to callers of other clusters (rule 4). */
      published: z.boolean(),
      /** Waits for a person's approval (rule 8). */
      awaitingApproval: z.boolean(),
      workloads: z.array(z.string()),
    }),
  ),
  /** `<cluster>/<namespace>` that can call it. */
  callers: z.array(z.string()),
  conditions: z.array(conditionSchema),
});
export type GlobalService = z.infer<typeof globalServiceSchema>;

export const healthSchema = z.enum([
  'healthy',
  'degraded',
  'failing',
  'unknown',
]);
export type Health = z.infer<typeof healthSchema>;

/** One row of `GET global-namespaces`. */
export const gnsSummarySchema = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  owner: z.string().optional(),
  domain: z.string(),
  generation: z.number(),
  paused: z.boolean(),
  health: healthSchema,
  services: z.number(),
  clusters: z.array(coverageSchema),
  /** How many conditions are not True, by severity. */
  conditions: z.strictObject({
    error: z.number(),
    warning: z.number(),
    info: z.number(),
  }),
  /** Open holds that wait for a decision. */
  holds: z.number(),
  updatedAt: z.iso.datetime(),
});
export type GnsSummary = z.infer<typeof gnsSummarySchema>;
export const gnsSummaryListSchema = z.strictObject({
  items: z.array(gnsSummarySchema),
});

export const gnsStatusSchema = gnsSummarySchema.extend({
  mtls: z.enum(['strict', 'permissive']),
  authority: z.strictObject({ mode: z.string(), trustDomain: z.string() }),
  members: z.array(
    z.strictObject({
      cluster: z.string(),
      namespace: z.string(),
      state: z.enum(['member', 'awaitingApproval', 'refused', 'conflict']),
      services: z.number(),
      /** Pods that need a restart before they resolve global names. */
      awaitingRestart: z.number(),
    }),
  ),
  globalServices: z.array(globalServiceSchema),
  allConditions: z.array(conditionSchema),
  /** Per cluster: wanted and applied epoch, so that progress can be shown. */
  rollout: z.array(
    z.strictObject({
      cluster: z.string(),
      desiredEpoch: z.string(),
      appliedEpoch: z.string(),
      objects: z.number(),
      failed: z.number(),
      upToDate: z.boolean(),
    }),
  ),
});
export type GnsStatus = z.infer<typeof gnsStatusSchema>;

export const topologyNodeSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['cluster', 'namespace', 'service', 'gateway']),
  label: z.string(),
  cluster: z.string(),
  namespace: z.string().optional(),
  /** Id of the box that contains it. */
  parent: z.string().optional(),
  health: healthSchema,
  host: z.string().optional(),
  service: z.string().optional(),
  ready: z.number().nullable().optional(),
  total: z.number().nullable().optional(),
});
export type TopologyNode = z.infer<typeof topologyNodeSchema>;

export const topologyEdgeSchema = z.strictObject({
  id: z.string(),
  source: z.string(),
  target: z.string(),
  /** `route`: callers of one cluster reach this service through a gateway. `sameService`: one global service in two clusters. */
  kind: z.enum(['route', 'sameService']),
  health: healthSchema,
  label: z.string().optional(),
});
export type TopologyEdge = z.infer<typeof topologyEdgeSchema>;

export const topologySchema = z.strictObject({
  gns: z.string(),
  nodes: z.array(topologyNodeSchema),
  edges: z.array(topologyEdgeSchema),
  coverage: z.array(coverageSchema),
  generatedAt: z.iso.datetime(),
});
export type Topology = z.infer<typeof topologySchema>;

/** Something that waits for a person. */
export const holdSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['deletion', 'inventoryLoss', 'newcomer', 'restoredHub']),
  state: z.enum(['open', 'released', 'refused', 'obsolete']),
  gns: z.string().optional(),
  cluster: z.string().optional(),
  /** One sentence: what waits and why. */
  message: z.string(),
  /** What a release would do: object keys, hosts, namespaces. */
  items: z.array(z.string()),
  createdAt: z.iso.datetime(),
  decidedAt: z.iso.datetime().optional(),
  decidedBy: z.string().optional(),
  reason: z.string().optional(),
  /** The permission that a decision needs, and whether you have it. */
  permission: z.string().default('gns.rollout.approve'),
  mayDecide: z.boolean().default(false),
  /** What a release would cost, while it is open. */
  statements: z.array(statementSchema).default([]),
  /** The decision that takes the one of the past back; absent: it cannot be taken back. */
  undo: z.enum(['release', 'refuse']).optional(),
});
export type Hold = z.infer<typeof holdSchema>;
export const holdListSchema = z.strictObject({ items: z.array(holdSchema) });
export const holdDecisionSchema = z.strictObject({
  reason: lineSchema(500).default(''),
});

/** `POST holds/decide`: one decision on several. */
export const holdsDecisionSchema = z.strictObject({
  ids: z.array(z.string().max(128)).min(1).max(200),
  decision: z.enum(['release', 'refuse']),
  reason: lineSchema(500).default(''),
});
export const holdsDecidedSchema = z.strictObject({
  /** In the order of the ids. One that cannot be decided stops no other. */
  items: z.array(
    z.discriminatedUnion('result', [
      z.strictObject({
        id: z.string(),
        result: z.literal('decided'),
        hold: holdSchema,
      }),
      z.strictObject({
        id: z.string(),
        result: z.literal('failed'),
        /** `NotFoundError`, `ConflictError`. */
        error: z.string(),
        message: z.string(),
      }),
    ]),
  ),
});
export type HoldsDecided = z.infer<typeof holdsDecidedSchema>;

export const auditEntrySchema = z.strictObject({
  id: z.number(),
  at: z.iso.datetime(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  message: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export const auditListSchema = z.strictObject({
  items: z.array(auditEntrySchema),
  nextCursor: z.string().optional(),
});

/** State of the hub itself, for banners. */
export const hubStatusSchema = z.strictObject({
  hubId: z.string(),
  term: z.number(),
  /** A controller has seen a higher epoch: nothing changes until a person confirms. */
  readOnly: z.boolean(),
  readOnlyReason: z.string().optional(),
  simulatedClusters: z.number(),
  openHolds: z.number(),
  /** Whether certificate authorities can sign; absent: none is kept here. */
  authorities: authorityAvailabilitySchema.optional(),
});
export type HubStatus = z.infer<typeof hubStatusSchema>;

/** Payload of signals on channel {@link SIGNAL_CHANNEL}: ids only, because a subscription checks no permission. */
export const SIGNAL_CHANNEL = 'gns';
export const signalSchema = z.strictObject({
  /** What changed: pages that show it read it again. */
  changed: z.array(
    z.enum([
      'definitions',
      'clusters',
      'status',
      'holds',
      'traffic',
      'rollouts',
      'slos',
      'authorities',
    ]),
  ),
  gns: z.array(z.string()).optional(),
});
export type GnsSignal = z.infer<typeof signalSchema>;
