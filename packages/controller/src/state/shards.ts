import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import {
  DesiredState,
  desiredObjectSchema,
  desiredSettingsSchema,
  epochSchema,
  tombstoneSchema,
} from '@isthmus/plugin-gns-common';
import { digestOf } from '../hub/acceptDelta';

/** A Secret holds 1 MiB; base64 and metadata do not count against `data`'s limit twice. */
export const MAX_SHARD_BYTES = 650_000;

/** Settings and tombstones stand in a shard of their own. */
const REST = '';

/** One Secret's worth of state. */
export interface Shard {
  /** Of its content: the same content has the same name, so it is written once. */
  name: string;
  gns: string;
  bytes: Buffer;
}

const indexSchema = z.object({
  version: z.literal(1),
  highest: epochSchema,
  /** The hub's signature of the highest epoch. */
  proof: z.string().max(4000).optional(),
  state: z
    .object({
      epoch: epochSchema,
      digest: z.string(),
      /** Names of shards by global namespace, in order. */
      shards: z.array(
        z.object({ gns: z.string(), names: z.array(z.string()) }),
      ),
    })
    .optional(),
});
export type StateIndex = z.infer<typeof indexSchema>;

export function parseIndex(text: string): StateIndex {
  return indexSchema.parse(JSON.parse(text));
}

/**
 * The shards of a desired state: one or more per global namespace, compressed,
 * each no larger than `max` bytes. Shards are named by content and the index
 * names its shards: a write that is torn leaves the older index with all its
 * shards.
 */
export function encodeState(
  state: DesiredState,
  max: number = MAX_SHARD_BYTES,
): { index: NonNullable<StateIndex['state']>; shards: Shard[] } {
  const byGns = new Map<string, unknown[]>();
  for (const object of state.objects.values()) {
    const objects = byGns.get(object.gns);
    if (objects) objects.push(object);
    else byGns.set(object.gns, [object]);
  }
  const contents: Array<[string, unknown]> = [
    [REST, { tombstones: state.tombstones, settings: state.settings }],
    ...[...byGns].sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  const shards = contents.map(([gns, content]) => cut(gns, content, max));
  return {
    index: {
      epoch: state.epoch,
      digest: digestOf(state),
      shards: shards.map(parts => ({
        gns: parts[0].gns,
        names: parts.map(p => p.name),
      })),
    },
    shards: shards.flat(),
  };
}

function cut(gns: string, content: unknown, max: number): Shard[] {
  const whole = gzipSync(JSON.stringify(content));
  const parts = Math.max(1, Math.ceil(whole.length / max));
  return Array.from({ length: parts }, (_, i) => {
    const bytes = whole.subarray(i * max, (i + 1) * max);
    const hash = createHash('sha256')
      .update(`${gns}/${i}/`)
      .update(bytes)
      .digest('hex')
      .slice(0, 20);
    return { gns, bytes, name: `isthmus-state-${hash}` };
  });
}

/**
 * The desired state that an index names. Throws when a shard is missing or the
 * digest of the whole is another: such a state is not used.
 */
export function decodeState(
  index: NonNullable<StateIndex['state']>,
  bytesOf: (name: string) => Buffer | undefined,
): DesiredState {
  const objects = new Map<string, z.infer<typeof desiredObjectSchema>>();
  let rest: Pick<DesiredState, 'tombstones' | 'settings'> | undefined;
  for (const { gns, names } of index.shards) {
    const bytes = names.map(name => {
      const part = bytesOf(name);
      if (!part) throw new Error(`the Secret ${name} is missing`);
      return part;
    });
    const content: unknown = JSON.parse(
      gunzipSync(Buffer.concat(bytes)).toString('utf8'),
    );
    if (gns === REST) {
      rest = z
        .object({
          tombstones: z.array(tombstoneSchema),
          settings: desiredSettingsSchema,
        })
        .parse(content);
    } else {
      for (const object of z.array(desiredObjectSchema).parse(content)) {
        objects.set(object.key, object);
      }
    }
  }
  if (!rest) throw new Error('the shard of settings is missing');
  const state = { epoch: index.epoch, objects, ...rest };
  const digest = digestOf(state);
  if (digest !== index.digest) {
    throw new Error(`its digest is ${digest}, not ${index.digest}`);
  }
  return state;
}
