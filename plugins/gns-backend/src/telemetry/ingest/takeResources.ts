import type { Knex } from 'knex';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import {
  MAX_SLICE_AHEAD_SECONDS,
  resourcesSchema,
  showPath,
  type Resources,
} from '@isthmus/plugin-gns-common';
import { isoOf, toSeconds } from '../time';

const deflate = promisify<string, Buffer>(deflateRaw);

export interface TakenResources {
  /** Why they were refused. */
  readonly problem?: string;
  write(trx: Knex, clusterId: string): Promise<void>;
}

const NOTHING = async () => {};

/** Reads CPU and memory of a request; what cannot be read costs nothing else. */
export function takeResources(raw: unknown, now: number): TakenResources {
  const parsed = resourcesSchema.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return {
      problem: `${showPath(['resources', ...issue.path])}: ${issue.message}`,
      write: NOTHING,
    };
  }
  const resources: Resources = parsed.data;
  const ahead = resources.at - toSeconds(now);
  if (ahead > MAX_SLICE_AHEAD_SECONDS || ahead < -86_400) {
    return {
      problem: `resources.at: ${isoOf(resources.at)} is not of the last day`,
      write: NOTHING,
    };
  }
  return {
    async write(trx, clusterId) {
      const packed =
        resources.state === 'KNOWN'
          ? await deflate(
              JSON.stringify({
                nodes: resources.nodes,
                workloads: resources.workloads,
              }),
            )
          : null;
      const row = {
        state: resources.state,
        reason: resources.state === 'UNKNOWN' ? resources.reason : null,
        resources: packed,
        bytes: packed?.length ?? 0,
      };
      await trx('gns_resources')
        .insert({ cluster_id: clusterId, at: resources.at, ...row })
        .onConflict(['cluster_id', 'at'])
        .merge(row);
    },
  };
}
