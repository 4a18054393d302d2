import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { canonicalJson, type SliceInput } from '@isthmus/plugin-gns-common';
import type { ComposedGlobalNamespace } from '../composition/types';
import { DEFAULT_RETENTION } from '../telemetry/retention';
import { TelemetryHub } from '../telemetry/TelemetryHub';
import { BANK, ISTIO_IDS, observations, SHOP } from '../telemetry/testFixtures';

/** Writes clusters and compositions as a reconciliation would. */
export async function composeInto(
  knex: Knex,
  globalNamespaces: readonly ComposedGlobalNamespace[],
): Promise<void> {
  await knex('gns_compositions').delete();
  for (const gns of globalNamespaces) {
    const result = canonicalJson(gns);
    await knex('gns_compositions').insert({
      gns: gns.name,
      generation: 1,
      hash: String(result.length).padStart(64, '0'),
      result,
      composed_at: new Date(0).toISOString(),
    });
  }
}

/** Telemetry of the clusters eu, us and far on a database of the test, at a time of the test. */
export async function telemetryStore(
  knex: Knex,
  start: number,
  retention = DEFAULT_RETENTION,
) {
  for (const id of ['eu', 'far', 'us']) {
    await knex('gns_clusters').insert({
      id,
      name: `${id}-1`,
      state: 'enrolled',
      created_at: new Date(0).toISOString(),
    });
  }
  await composeInto(knex, [SHOP, BANK]);
  const clock = { now: start };
  const changed: string[][] = [];
  const hub = new TelemetryHub({
    knex,
    logger: mockServices.logger.mock(),
    retention,
    now: () => clock.now * 1000,
    onTraffic: gns => changed.push([...gns].sort()),
  });
  return {
    hub,
    clock,
    changed,
    take: (cluster: string, slices: SliceInput[], over = {}) =>
      hub.take(
        { id: cluster, name: `${cluster}-1` },
        observations(clock.now, slices, {
          istioClusterId: ISTIO_IDS.get(cluster),
          ...over,
        }),
      ),
  };
}

export type TelemetryStore = Awaited<ReturnType<typeof telemetryStore>>;
