import { z } from 'zod';
import { DNS_SUBDOMAIN } from './dns';

/**
 * What a member cluster has, as its controller saw it. Every list is one
 * *kind of inventory*: reported whole, marked complete or partial. All of it is
 * hostile until parsed: names are bounded, lists are bounded, unknown fields
 * are refused.
 */
/* Names become parts of keys (`cluster/namespace`): what Kubernetes never has may not pass. */
const name = z
  .string()
  .max(253)
  .regex(DNS_SUBDOMAIN, 'is no Kubernetes name: use a-z, 0-9, - and .');
const labels = z.record(z.string().max(317), z.string().max(63));

const patterns = z.array(z.string().max(500)).max(50);

/** One `from` of a rule: all that is present has to match. */
const policySourceSchema = z.strictObject({
  principals: patterns.optional(),
  notPrincipals: patterns.optional(),
  namespaces: patterns.optional(),
  notNamespaces: patterns.optional(),
  /** It asks for more: addresses, JWT, service accounts. */
  more: z.boolean(),
});

/** An AuthorizationPolicy that is not ours, as far as who calls decides it. */
export const foreignPolicySchema = z.strictObject({
  name,
  action: z.enum(['ALLOW', 'DENY', 'CUSTOM', 'AUDIT']),
  /** Labels of the pods that it is for; absent: all. */
  selector: labels.optional(),
  /** In the root namespace: it is for the whole mesh. */
  meshWide: z.boolean(),
  /** It cannot be judged from here: it names targets, is larger than is reported, or is not understood. */
  opaque: z.boolean(),
  /** One of them has to match; none: it never does. */
  rules: z
    .array(
      z.strictObject({
        /** One of them has to match; empty: everybody does. */
        sources: z.array(policySourceSchema).max(20),
        /** It asks for more than who calls: ports, paths, conditions. */
        more: z.boolean(),
      }),
    )
    .max(50),
});

/** `<namespace>/<host>`, or a host: as istiod reads it. */
const istioHost = z.string().max(320);

/** A Sidecar that is not ours, as far as it decides which hosts proxies hear of. */
export const foreignSidecarSchema = z.strictObject({
  name,
  /** Labels of the pods that it is for; absent: all. */
  selector: labels.optional(),
  /** In the root namespace: it is for namespaces without one of their own. */
  meshWide: z.boolean(),
  /** It is larger than is reported, or is not understood. */
  opaque: z.boolean(),
  /** Empty: it says nothing of hosts, so all are told. */
  egress: z
    .array(
      z.strictObject({
        /** Absent: any. */
        port: z.number().int().min(1).max(65535).optional(),
        /** `<namespace>/<host>`, as written. */
        hosts: z.array(istioHost).max(200),
      }),
    )
    .max(50),
});

/** A DestinationRule that is not ours, as far as it decides how callers speak. */
export const foreignDestinationRuleSchema = z.strictObject({
  name,
  host: istioHost,
  /** Labels of the callers that it is for; absent: all. */
  selector: labels.optional(),
  /** Namespaces that take it; absent: all. */
  exportTo: z.array(z.string().max(253)).max(200).optional(),
  /** In the root namespace: it is for whoever finds no other. */
  meshWide: z.boolean(),
  /** It is larger than is reported, or is not understood. */
  opaque: z.boolean(),
  /** TLS that callers begin; absent: what the mesh decides. */
  tls: z.enum(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']).optional(),
  /** It says something else for some ports. */
  more: z.boolean(),
});

/** More of a kind than are reported; absent: none. */
const leftOut = z.number().int().positive().max(1_000_000).optional();

export const namespaceSchema = z.strictObject({
  name,
  labels,
  /** How pods of this namespace get a proxy. */
  injection: z.enum(['sidecar', 'ambient', 'none']),
  /** Effective selector-less PeerAuthentication: the oldest of the namespace, else of the root namespace, else PERMISSIVE by default. */
  peerAuthentication: z
    .strictObject({
      mode: z.string().max(40),
      name,
      namespace: name,
      ours: z.boolean(),
    })
    .optional(),
  /** The oldest selector-less ProxyConfig: the only one that counts. */
  proxyConfig: z.strictObject({ name, ours: z.boolean() }).optional(),
  /** AuthorizationPolicies of others in it; absent: they were not read. */
  policies: z.array(foreignPolicySchema).max(100).optional(),
  policiesLeftOut: leftOut,
  /** Sidecars of others in it, in Istio's order: those for some pods first, then the older first; absent: they were not read. */
  sidecars: z.array(foreignSidecarSchema).max(100).optional(),
  sidecarsLeftOut: leftOut,
  /** DestinationRules of others in it that may be for hosts of global namespaces; absent: they were not read. */
  destinationRules: z.array(foreignDestinationRuleSchema).max(100).optional(),
  destinationRulesLeftOut: leftOut,
});

export const servicePortSchema = z.strictObject({
  name: z.string().max(63),
  number: z.number().int().min(1).max(65535),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
  /** Istio protocol by `appProtocol` or the port name's prefix: HTTP, HTTP2, GRPC, HTTPS, TLS, TCP, MONGO … */
  istioProtocol: z.string().max(20),
  /** Number or name of the container port. */
  targetPort: z.union([z.number().int().min(1).max(65535), z.string().max(63)]),
});

export const serviceSchema = z.strictObject({
  namespace: name,
  name,
  labels,
  type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']),
  headless: z.boolean(),
  /** Absent: a service without selector. */
  selector: labels.optional(),
  ports: z.array(servicePortSchema).max(200),
});

/** Pods of one template (Deployment, StatefulSet, … or a bare pod), counted. */
export const workloadSchema = z.strictObject({
  namespace: name,
  name,
  /** `Deployment`, `StatefulSet`, `DaemonSet`, `Job`, `Pod` … */
  kind: z.string().max(63),
  /** Labels of the pods that all of them share. */
  labels,
  serviceAccount: name,
  /** Container ports by name, to resolve named target ports. */
  namedPorts: z.record(z.string().max(63), z.number().int().min(1).max(65535)),
  pods: z.strictObject({
    total: z.number().int().nonnegative().max(100_000),
    ready: z.number().int().nonnegative().max(100_000),
    /** Ready, with a sidecar and `security.istio.io/tlsMode: istio`. */
    readyMtls: z.number().int().nonnegative().max(100_000),
    /** Started without DNS capture in a namespace that now asks for it: they wait for a restart. */
    awaitingRestart: z.number().int().nonnegative().max(100_000),
  }),
  /** Where its ready pods run: `region/zone` → count. */
  localities: z.record(z.string().max(200), z.number().int().nonnegative()),
});

export const gatewaySchema = z.strictObject({
  namespace: name,
  name,
  /** Labels that a Gateway resource selects it by. */
  selector: labels,
  network: z.string().max(253),
  /** How other clusters reach it. Empty: not reachable from outside yet. */
  addresses: z
    .array(
      z.union([
        z.strictObject({ ip: z.union([z.ipv4(), z.ipv6()]) }),
        z.strictObject({
          hostname: z
            .string()
            .max(253)
            .regex(
              /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i,
            ),
        }),
      ]),
    )
    .max(32),
  /** The port that serves mTLS pass-through, as clients dial it. */
  port: z.number().int().min(1).max(65535),
  ready: z.boolean(),
  /** ISTIO_META_REQUESTED_NETWORK_VIEW of its pods; absent: not set, so traffic could loop. */
  networkView: z.string().max(253).optional(),
  serviceAccount: name,
});

/** Facts of the cluster as a whole. */
export const meshFactsSchema = z.strictObject({
  /** UID of the kube-system namespace: the cluster's own identity. */
  clusterUid: z.string().max(64),
  kubernetesVersion: z.string().max(64),
  /** Of istiod's image or `pilot` metrics; absent: unknown. */
  istioVersions: z.array(z.string().max(64)).max(20),
  trustDomain: z.string().max(253),
  /** SHA-256 (hex, lower case) of the DER of every root that Istio's proxies trust. */
  rootHashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(20),
  /** `topology.istio.io/network` of istio-system; absent: unset. */
  network: z.string().max(253).optional(),
  /** Regions and zones of the nodes. */
  localities: z.array(z.string().max(200)).max(1000),
});

export const INVENTORY_KINDS = [
  'mesh',
  'namespaces',
  'services',
  'workloads',
  'gateways',
] as const;
export type InventoryKind = (typeof INVENTORY_KINDS)[number];

/** An object that a live watch saw deleted: the evidence that rule 2 asks for. */
export const deletionEvidenceSchema = z.strictObject({
  /** Empty for objects of the whole cluster. */
  namespace: z.union([name, z.literal('')]),
  name,
  at: z.iso.datetime(),
});

/** One kind of inventory: its items, whether that is all of them, and since when. */
export function inventoryPartSchema<T extends z.ZodType>(item: T, max: number) {
  return z.strictObject({
    /** `partial`: a list failed or a watch is silent; absent items mean nothing. */
    mark: z.enum(['complete', 'partial']),
    observedAt: z.iso.datetime(),
    items: z.array(item).max(max),
    /** Why it is partial, for people. */
    reason: z.string().max(1000).optional(),
    /** Deletions that live watches saw in the last 10 minutes. */
    deletions: z.array(deletionEvidenceSchema).max(5000).default([]),
  });
}

export const inventorySchema = z.strictObject({
  mesh: inventoryPartSchema(meshFactsSchema, 1).optional(),
  namespaces: inventoryPartSchema(namespaceSchema, 20_000).optional(),
  services: inventoryPartSchema(serviceSchema, 50_000).optional(),
  workloads: inventoryPartSchema(workloadSchema, 50_000).optional(),
  gateways: inventoryPartSchema(gatewaySchema, 200).optional(),
});

export type InventoryNamespace = z.infer<typeof namespaceSchema>;
export type ForeignPolicy = z.infer<typeof foreignPolicySchema>;
export type ForeignSidecar = z.infer<typeof foreignSidecarSchema>;
export type ForeignDestinationRule = z.infer<
  typeof foreignDestinationRuleSchema
>;
export type InventoryServicePort = z.infer<typeof servicePortSchema>;
export type InventoryService = z.infer<typeof serviceSchema>;
export type InventoryWorkload = z.infer<typeof workloadSchema>;
export type InventoryGateway = z.infer<typeof gatewaySchema>;
export type MeshFacts = z.infer<typeof meshFactsSchema>;
/** What a report carries: only the kinds that changed since the last acknowledged report. */
export type Inventory = z.infer<typeof inventorySchema>;
export type DeletionEvidence = z.infer<typeof deletionEvidenceSchema>;
