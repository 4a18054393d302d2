import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { TrafficView } from '../../telemetry/topology/TrafficView';
import { readOutsideCallers } from './outsideCallers';
import type { OutsideCallers } from './types';

/** Who calls global namespaces from outside while namespaces join them; they would be cut. */
export class JoiningCallers {
  readonly #knex: Knex;
  readonly #view: Pick<TrafficView, 'traffic'>;
  readonly #logger: LoggerService;

  constructor(options: {
    knex: Knex;
    view: Pick<TrafficView, 'traffic'>;
    logger: LoggerService;
  }) {
    this.#knex = options.knex;
    this.#view = options.view;
    this.#logger = options.logger;
  }

  /** Of all in which a namespace is about to join; asked before each reconciliation. */
  async read(): Promise<ReadonlyMap<string, OutsideCallers>> {
    const rows: { gns: string }[] = await this.#knex('gns_authority_members')
      .where({ phase: 'adopt' })
      .distinct('gns');
    const callers = new Map<string, OutsideCallers>();
    for (const { gns } of rows) callers.set(gns, await this.of(gns));
    return callers;
  }

  async of(gns: string): Promise<OutsideCallers> {
    const clusters: { id: string; name: string }[] = await this.#knex(
      'gns_clusters',
    ).select('id', 'name');
    return readOutsideCallers(gns, {
      view: this.#view,
      clusterIds: new Map(clusters.map(c => [c.name, c.id])),
      logger: this.#logger,
    });
  }
}
