import type { Knex } from 'knex';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { z } from 'zod';
import { resourcesSchema, type Resources } from '@isthmus/plugin-gns-common';

const MAX_BYTES = 64 * 1024 * 1024;
const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(
  inflateRaw,
);

type Known = Extract<Resources, { state: 'KNOWN' }>;

/** What a cluster told at one moment. */
export interface Reading {
  readonly cluster: string;
  /** Unix seconds. */
  readonly at: number;
  readonly reason: string | undefined;
  /** Undefined: unknown. */
  readonly known: Pick<Known, 'nodes' | 'workloads'> | undefined;
}

const storedSchema = z.object({
  nodes: resourcesSchema.options[0].shape.nodes,
  workloads: resourcesSchema.options[0].shape.workloads,
});

/** All that these clusters told in a stretch, oldest first. */
export async function readResources(
  knex: Knex,
  clusters: readonly string[],
  span: { from: number; to: number },
): Promise<Reading[]> {
  const rows: {
    cluster_id: string;
    at: number | string;
    reason: string | null;
    resources: Buffer | null;
  }[] = await knex('gns_resources')
    .whereIn('cluster_id', [...clusters])
    .andWhere('at', '>', span.from)
    .andWhere('at', '<=', span.to)
    .orderBy(['at', 'cluster_id'])
    .select('cluster_id', 'at', 'reason', 'resources');
  return Promise.all(
    rows.map(async ({ cluster_id, at, reason, resources }) => ({
      cluster: cluster_id,
      at: Number(at),
      reason: reason ?? undefined,
      known: resources
        ? storedSchema.parse(
            JSON.parse(
              (
                await inflate(resources, { maxOutputLength: MAX_BYTES })
              ).toString(),
            ),
          )
        : undefined,
    })),
  );
}
