import type {
  LoggerService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import type { ObservationsResponse } from '@isthmus/plugin-gns-common';
import type { ClusterRecord } from '../members/clusterRows';
import { DatabaseIncrementReader } from './increments/DatabaseIncrementReader';
import type { IncrementReader } from './increments/types';
import { takeObservations } from './ingest/takeObservations';
import type { Retention } from './retention';
import { alignMembers } from './rollup/alignMembers';
import {
  closeDays,
  compactHour,
  pendingHours,
} from './rollup/compactIncrements';
import { dropExpired, edgeMinutesFrom } from './rollup/dropExpired';
import { pendingQuarters, rollUpQuarter } from './rollup/rollUpEdges';
import { DirectorySource } from './store/DirectorySource';

export interface TelemetryOptions {
  readonly knex: Knex;
  readonly logger: LoggerService;
  readonly retention: Retention;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told which global namespaces have other traffic now. */
  readonly onTraffic: (gns: ReadonlySet<string>) => void;
}

/** The hub's telemetry: takes what clusters measured, keeps it, and lets it be read. */
export class TelemetryHub {
  readonly #options: TelemetryOptions;
  readonly directory = new DirectorySource();
  readonly increments: IncrementReader;

  constructor(options: TelemetryOptions) {
    this.#options = options;
    this.increments = new DatabaseIncrementReader({
      ...options,
      directory: this.directory,
    });
  }

  get retention(): Retention {
    return this.#options.retention;
  }

  /** Takes the body of a `POST observations`. @throws InputError */
  async take(
    cluster: Pick<ClusterRecord, 'id' | 'name'>,
    body: unknown,
  ): Promise<ObservationsResponse> {
    const { knex, retention, now, onTraffic } = this.#options;
    const taken = await takeObservations(knex, cluster, body, {
      now: now(),
      retention,
      directory: await this.directory.load(knex),
    });
    if (taken.changed.size > 0) onTraffic(taken.changed);
    return taken.response;
  }

  /** Rolls up what is over: each piece on its own, so that a bad one holds up no other. */
  async rollUp(): Promise<void> {
    const { knex, retention, now, logger } = this.#options;
    const directory = await this.directory.load(knex);
    await alignMembers(knex, directory, now());
    const minutesFrom = edgeMinutesFrom(now(), retention);
    for (const quarter of await pendingQuarters(knex, now())) {
      try {
        await rollUpQuarter(knex, quarter, { minutesFrom });
      } catch (error) {
        logger.error(
          `The traffic of ${quarter.gns} in a quarter of an hour could not be rolled up; it stays by minutes, and is tried again`,
          { ...quarter, error: String(error) },
        );
      }
    }
    for (const hour of await pendingHours(knex, now())) {
      try {
        await compactHour(knex, hour, { directory, now: now() });
      } catch (error) {
        logger.error(
          `The increments of ${hour.gns} in an hour could not be compacted; they are read as they came, and it is tried again`,
          { ...hour, error: String(error) },
        );
      }
    }
  }

  /** Closes days and deletes what is past its retention. */
  async tidy(): Promise<void> {
    const { knex, retention, now } = this.#options;
    await closeDays(knex, now());
    await dropExpired(knex, { now: now(), retention });
  }

  /** Has the jobs run on one replica at a time. */
  async schedule(scheduler: SchedulerService): Promise<void> {
    await scheduler.scheduleTask({
      id: 'gns-telemetry-roll-up',
      frequency: { minutes: 1 },
      timeout: { minutes: 10 },
      initialDelay: { seconds: 15 },
      scope: 'global',
      fn: () => this.rollUp(),
    });
    await scheduler.scheduleTask({
      id: 'gns-telemetry-retention',
      frequency: { minutes: 10 },
      timeout: { minutes: 30 },
      initialDelay: { minutes: 1 },
      scope: 'global',
      fn: () => this.tidy(),
    });
  }
}
