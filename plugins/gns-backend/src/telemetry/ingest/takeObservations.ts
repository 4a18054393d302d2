import { InputError } from '@backstage/errors';
import type { Knex } from 'knex';
import {
  MAX_SLICE_AHEAD_SECONDS,
  observationsEnvelopeSchema,
  showPath,
  type ObservationsResponse,
  type Slice,
} from '@isthmus/plugin-gns-common';
import { inTransaction } from '../../database/inTransaction';
import type { ClusterRecord } from '../../members/clusterRows';
import type { Directory } from '../Directory';
import type { Retention } from '../retention';
import { noteMemberships } from '../rollup/alignMembers';
import { isoOf, QUARTER, toSeconds } from '../time';
import { openSlice } from './openSlice';
import { prepareSlice, type PreparedSlice } from './prepareSlice';
import { takeResources } from './takeResources';
import { wantedSlices } from './wantedSlices';
import { writeSlices } from './writeSlices';
import { noteSource } from './noteSource';

export interface TakenObservations {
  readonly response: ObservationsResponse;
  /** Global namespaces whose traffic is another now. */
  readonly changed: ReadonlySet<string>;
}

type Refusal = ObservationsResponse['refused'][number];

/** Why a slice cannot be of this time; undefined: it can. */
function judgeTime(
  slice: Pick<Slice, 'start' | 'seconds'>,
  now: number,
  retention: Retention,
): Omit<Refusal, 'index'> | undefined {
  const end = slice.start + slice.seconds;
  if (end > toSeconds(now) + MAX_SLICE_AHEAD_SECONDS) {
    return {
      reason: 'future',
      message: `The slice ends at ${isoOf(end)}, and it is ${isoOf(
        toSeconds(now),
      )} here. Correct the times by the difference of the clocks`,
    };
  }
  const kept =
    slice.seconds === QUARTER
      ? retention.incrementQuartersMs
      : retention.incrementMinutesMs;
  if (slice.start * 1000 < now - kept) {
    return {
      reason: 'tooOld',
      message: `Slices of ${slice.seconds} s are kept back to ${isoOf(
        toSeconds(now - kept),
      )}${
        slice.seconds === QUARTER ? '' : '. Send older times in slices of 900 s'
      }`,
    };
  }
  return undefined;
}

/** Identity of a slice that is refused, if it has a readable one. */
function identityOf(
  raw: unknown,
): { start: number; seconds: 60 | 300 | 900; revision: number } | undefined {
  const { start, seconds, revision } = Object(raw);
  const whole = [start, seconds, revision].every(
    n => Number.isSafeInteger(n) && n >= 0,
  );
  if (!whole || revision < 1 || revision > 1_000_000) return undefined;
  if (seconds !== 60 && seconds !== 300 && seconds !== 900) return undefined;
  return start % seconds === 0 ? { start, seconds, revision } : undefined;
}

/**
 * Takes what a controller measured: each slice once, and again with a higher
 * revision. A slice that cannot be read counts as unknown, so that it is
 * neither zero nor asked for again, and costs no other slice.
 * @throws InputError when the body as a whole cannot be read
 */
export async function takeObservations(
  knex: Knex,
  cluster: Pick<ClusterRecord, 'id' | 'name'>,
  body: unknown,
  context: { now: number; directory: Directory; retention: Retention },
): Promise<TakenObservations> {
  const envelope = observationsEnvelopeSchema.safeParse(body);
  if (!envelope.success) {
    throw new InputError(
      envelope.error.issues
        .map(i => `${showPath(['observations', ...i.path])}: ${i.message}`)
        .join('\n'),
    );
  }
  const { now, directory, retention } = context;
  const { sentAt, istioClusterId, slices, resources } = envelope.data;
  const refused: Refusal[] = [];
  const prepared: PreparedSlice[] = [];
  for (const [index, raw] of slices.entries()) {
    const opened = openSlice(raw);
    const slice = opened.ok ? opened.slice : unreadable(raw, opened.message);
    if (!opened.ok) {
      refused.push({ index, reason: 'invalid', message: opened.message });
    }
    if (!slice) continue;
    const misplaced = judgeTime(slice, now, retention);
    if (misplaced) {
      if (opened.ok) refused.push({ index, ...misplaced });
      continue;
    }
    const edgesKept =
      slice.seconds === QUARTER
        ? retention.edgeQuartersMs
        : retention.edgeMinutesMs;
    prepared.push(
      await prepareSlice(slice, {
        cluster: cluster.id,
        directory,
        badRows: opened.ok ? opened.badRows : new Set(),
        keepEdges: slice.start * 1000 >= now - edgesKept,
      }),
    );
    if (opened.ok && opened.badRows.size > 0) {
      refused.push({
        index,
        reason: 'invalid',
        message: `${opened.badRows.size} edges have counts that are none: their global namespaces are unknown in this slice`,
      });
    }
  }
  const takenResources =
    resources === undefined ? undefined : takeResources(resources, now);
  if (takenResources?.problem) {
    refused.push({
      index: slices.length,
      reason: 'invalid',
      message: takenResources.problem,
    });
  }
  return inTransaction(knex, async trx => {
    await noteSource(trx, cluster.id, {
      istioClusterId,
      skewMs: Date.parse(sentAt) - now,
      now,
      newest: prepared.reduce<PreparedSlice | undefined>(
        (newest, s) => (newest && newest.start >= s.start ? newest : s),
        undefined,
      ),
      oldestStart: Math.min(...prepared.map(s => s.start)),
      refused,
    });
    const written = await writeSlices(trx, cluster.id, prepared, now);
    await noteMemberships(trx, cluster, written.changed, now);
    await takenResources?.write(trx, cluster.id);
    return {
      changed: written.changed,
      response: {
        taken: written.taken,
        refused,
        ignoredEdges: prepared.reduce((sum, s) => sum + s.ignoredEdges, 0),
        wanted: await wantedSlices(trx, cluster.id, { now, retention }),
        hubTime: new Date(now).toISOString(),
      },
    };
  });
}

/** What stands for a slice that cannot be read: unknown, for good. */
function unreadable(raw: unknown, message: string): Slice | undefined {
  const identity = identityOf(raw);
  return (
    identity && {
      ...identity,
      state: 'UNKNOWN',
      reason: 'error',
      message: `The hub could not read it: ${message}`.slice(0, 500),
      final: true,
    }
  );
}
