import type { Knex } from 'knex';
import type { SloEvent } from '@isthmus/plugin-gns-common';
import type { Span } from './windows';

/** Something on the time axis; what is absent is not known or does not apply. */
export interface StoredEvent
  extends Pick<
    SloEvent,
    'kind' | 'title' | 'actor' | 'service' | 'cluster' | 'severity' | 'url'
  > {
  /** Unix seconds. */
  at: number;
  gns: string;
  /** Of one objective only. */
  ref?: string;
}

const KEPT_SECONDS = 400 * 86_400;
/** More than a chart can mark. */
const MOST = 500;

export async function insertEvent(trx: Knex, event: StoredEvent) {
  await trx('gns_slo_events').insert(event);
}

/** Events of an objective, or of its services, newest first. */
export async function readEvents(
  knex: Knex,
  query: { gns: string; ref: string; services: readonly string[]; span: Span },
): Promise<StoredEvent[]> {
  const rows: Record<keyof StoredEvent, string | number | null>[] = await knex(
    'gns_slo_events',
  )
    .where('gns', query.gns)
    .whereBetween('at', [query.span.from, query.span.to])
    .andWhere(own => {
      own.where('ref', query.ref).orWhere(shared => {
        shared.whereNull('ref').andWhere(of => {
          of.whereNull('service').orWhereIn('service', [...query.services]);
        });
      });
    })
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST);
  return rows.map(row => {
    const set = Object.entries(row).filter(
      ([key, value]) => value !== null && key !== 'id',
    );
    return {
      ...(Object.fromEntries(set) as unknown as StoredEvent),
      at: Number(row.at),
    };
  });
}

/** Forgets what is older than the telemetry itself. `now` in Unix seconds. */
export async function trimEvents(knex: Knex, now: number): Promise<void> {
  await knex('gns_slo_events')
    .where('at', '<', now - KEPT_SECONDS)
    .delete();
}
