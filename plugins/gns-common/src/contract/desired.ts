import { z } from 'zod';
import { authoritiesSettingsSchema } from './authority';
import { epochSchema } from './epoch';
import { collectionPlanSchema } from './telemetry';
import { canonicalJson } from './canonicalJson';

/** A Kubernetes object as composition renders it. */
export const manifestSchema = z.looseObject({
  apiVersion: z.string().min(1).max(253),
  kind: z.string().min(1).max(63),
  metadata: z.looseObject({
    name: z.string().min(1).max(253),
    namespace: z.string().max(253).optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** `networking.istio.io/v1/ServiceEntry/shop-web/gns-stock-local`: the identity of an object in one cluster. */
export function objectKey(object: {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}): string {
  const { name, namespace } = object.metadata;
  return `${object.apiVersion}/${object.kind}/${namespace ?? ''}/${name}`;
}

/** The parts of a key made by {@link objectKey}; undefined for anything else. */
export function readObjectKey(key: string):
  | {
      apiVersion: string;
      kind: string;
      namespace: string | undefined;
      name: string;
    }
  | undefined {
  const parts = key.split('/');
  if (parts.length !== 4 && parts.length !== 5) return undefined;
  const [name, namespace, kind, ...version] = parts.reverse();
  if (!name || !kind || version.some(p => !p)) return undefined;
  return {
    apiVersion: version.reverse().join('/'),
    kind,
    namespace: namespace || undefined,
    name,
  };
}

/** One object that a cluster shall have. */
export const desiredObjectSchema = z.strictObject({
  /** See {@link objectKey}; always agrees with the manifest. */
  key: z.string().min(1).max(1000),
  /** The global namespace it belongs to. */
  gns: z.string().min(1).max(63),
  manifest: manifestSchema,
});
export type DesiredObject = z.infer<typeof desiredObjectSchema>;

/**
 * An object that a cluster shall no longer have: the only way to a deletion
 * (rule 1). `reason` tells why it may pass the limit.
 */
export const tombstoneSchema = z.strictObject({
  key: z.string().min(1).max(1000),
  gns: z.string().min(1).max(63),
  reason: z.discriminatedUnion('type', [
    /** A confirmed plan announced it; the hash of that plan. */
    z.strictObject({ type: z.literal('plan'), hash: z.string().max(128) }),
    /** A person released a held deletion; the id of the hold. */
    z.strictObject({ type: z.literal('release'), hold: z.string().max(128) }),
    /** Within max(5 objects, 20 %) of what the cluster owns. */
    z.strictObject({ type: z.literal('small') }),
  ]),
});
export type Tombstone = z.infer<typeof tombstoneSchema>;

/** A gateway of another cluster whose reachability the controller measures. */
export const probeSchema = z.strictObject({
  cluster: z.string().max(253),
  /** IP address or host name. */
  address: z.string().max(253),
  port: z.number().int().min(1).max(65535),
});
export type Probe = z.infer<typeof probeSchema>;

/** What stands beside the objects. */
export const desiredSettingsSchema = z.strictObject({
  /** The cluster's name at the hub. */
  clusterName: z.string().max(253),
  /** Global namespaces of which nothing changes until resumed; `*`: all. */
  paused: z.array(z.string().max(63)).max(10_000),
  probes: z.array(probeSchema).max(1000),
  /** Namespaces that are members, by global namespace: what inventory must watch closely. */
  members: z.record(z.string(), z.array(z.string().max(253)).max(10_000)),
  /** Absent: this cluster issues for no global namespace. */
  authorities: authoritiesSettingsSchema.optional(),
  /** What to measure; absent: nothing. */
  telemetry: collectionPlanSchema.optional(),
});
export type DesiredSettings = z.infer<typeof desiredSettingsSchema>;

/**
 * Answer of `GET desired?after=<epoch>`: what changed since `base`, and the
 * signed digest of the whole. A controller applies the delta to its own copy,
 * recomputes the digest, and keeps its copy if they differ.
 */
export const desiredDeltaSchema = z.strictObject({
  epoch: epochSchema,
  /** The epoch that the delta starts from; null: `upserts` is the whole. */
  base: epochSchema.nullable(),
  upserts: z.array(desiredObjectSchema).max(100_000),
  /** All tombstones that the cluster has not yet confirmed; always the whole list. */
  tombstones: z.array(tombstoneSchema).max(100_000),
  /**
   * Keys that left the desired state without a tombstone reaching this
   * controller (held, or confirmed earlier): it forgets them, and deletes nothing.
   */
  forgotten: z.array(z.string().max(1000)).max(100_000),
  settings: desiredSettingsSchema,
  /** SHA-256, hex, of {@link desiredDigestText} of the whole. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Compact JWS (ES256, the hub's pinned key) over {@link SignedDigest}. */
  signature: z.string().max(4000),
});
export type DesiredDelta = z.infer<typeof desiredDeltaSchema>;

/** Payload of the signature: binds a digest to one hub, one cluster, one epoch. */
export const signedDigestSchema = z.strictObject({
  hub: z.string().max(128),
  cluster: z.string().max(128),
  epoch: epochSchema,
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  iat: z.number().int(),
});
export type SignedDigest = z.infer<typeof signedDigestSchema>;

/** A whole desired state in memory. */
export interface DesiredState {
  epoch: z.infer<typeof epochSchema>;
  objects: ReadonlyMap<string, DesiredObject>;
  tombstones: ReadonlyArray<Tombstone>;
  settings: DesiredSettings;
}

/**
 * The text whose SHA-256 is the digest: one line per object (`key`, a space,
 * SHA-256 of its canonical JSON), sorted by key, then tombstones and settings.
 * `sha256` is injected because this package does no I/O and runs in browsers.
 */
export function desiredDigestText(
  state: Omit<DesiredState, 'epoch'>,
  hashOf: (object: DesiredObject) => string,
): string {
  const lines = [...state.objects.keys()]
    .sort()
    .map(key => `${key} ${hashOf(state.objects.get(key)!)}`);
  // In the order of their text, so that the list's own order does not matter.
  const tombstones = state.tombstones.map(canonicalJson).sort();
  return [
    ...lines,
    `[${tombstones.join(',')}]`,
    canonicalJson(state.settings),
  ].join('\n');
}
