import type { Knex } from 'knex';
import type { TrafficRanges } from '@isthmus/plugin-gns-common';
import { isoOf, MINUTE, QUARTER } from '../time';

/** From when to when edges of a global namespace are kept, by minutes and by quarters of an hour. */
export async function readRanges(
  knex: Knex,
  gns: string,
): Promise<Omit<TrafficRanges, 'coverage'>> {
  const rows: {
    step: number;
    from: number | string;
    to: number | string;
  }[] = await knex('gns_traffic')
    .where({ gns })
    .andWhere('known', '>', 0)
    .groupBy('step')
    .select('step')
    .min({ from: 'start' })
    .max({ to: knex.raw('?? + ??', ['start', 'seconds']) });
  const of = <S extends number>(stepSeconds: S) => {
    const row = rows.find(r => r.step === stepSeconds);
    return {
      from: row ? isoOf(Number(row.from)) : null,
      to: row ? isoOf(Number(row.to)) : null,
      stepSeconds,
    };
  };
  return { minutes: of(MINUTE), quarters: of(QUARTER) };
}
