import { InputError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { GnsResources } from '@isthmus/plugin-gns-common';
import type { DirectorySource } from '../store/DirectorySource';
import { toSeconds } from '../time';
import type { SceneryReader } from '../topology/TrafficView';
import { readResources } from './readResources';
import { RESOURCES_STEP, resourcesOf } from './resourcesOf';

const MOST_RANGE = 604_800;

/** CPU and memory of a global namespace, from the store. */
export class ResourcesView {
  readonly #options: {
    knex: Knex;
    directory: DirectorySource;
    scenery: Pick<SceneryReader, 'simulated'>;
    now: () => number;
  };

  constructor(options: {
    knex: Knex;
    directory: DirectorySource;
    scenery: Pick<SceneryReader, 'simulated'>;
    /** Unix milliseconds. */
    now: () => number;
  }) {
    this.#options = options;
  }

  /** @throws InputError for a range that is none */
  async resources(
    gns: string,
    options: { range: number; showNodes: boolean },
  ): Promise<GnsResources> {
    const { range, showNodes } = options;
    if (range < RESOURCES_STEP || range > MOST_RANGE) {
      throw new InputError(
        `range: ${range} s is not between ${RESOURCES_STEP} and ${MOST_RANGE}`,
      );
    }
    const { knex, directory: source, scenery } = this.#options;
    const now = toSeconds(this.#options.now());
    const directory = await source.load(knex);
    return resourcesOf({
      gns,
      directory,
      simulated: await scenery.simulated(),
      readings: await readResources(
        knex,
        [...directory.membersOf(gns).keys()],
        { from: now - Math.max(range, 3600), to: now },
      ),
      services: directory.servicesOfGns(gns),
      now,
      range,
      showNodes,
    });
  }
}
