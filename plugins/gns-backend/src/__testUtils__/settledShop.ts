import type { Knex } from 'knex';
import { databaseState } from './databaseState';
import {
  clusterWith,
  exactly,
  follow,
  SHOP,
  shopWith,
  startHubBackend,
} from './hubBackend';
import type { FakeController } from './FakeController';

/** The address of the gateway of us-1. */
export const US_GATEWAY = '198.51.100.2';

function assertHas(controller: FakeController, entry: string): void {
  const names = controller.names('ServiceEntry');
  if (!names.includes(entry)) throw new Error(`${entry}: not in ${names}`);
}

/**
 * A hub with the clusters eu-1 (web/front) and us-1 (depot/stock), joined by
 * `shop`; everything is delivered and acknowledged.
 */
export async function settledShop(knex: Knex) {
  const hub = await startHubBackend(knex);
  const eu = await clusterWith(hub, 'eu-1', '198.51.100.1', {
    web: ['front'],
  });
  const us = await clusterWith(hub, 'us-1', US_GATEWAY, { depot: ['stock'] });
  await hub
    .put(SHOP, shopWith([exactly('eu-1', 'web'), exactly('us-1', 'depot')]))
    .set('If-None-Match', '*');
  await follow([eu, us], () => {
    assertHas(eu, 'gns-shop-stock-remote');
    assertHas(us, 'gns-shop-front-remote');
  });
  let state = await databaseState(knex);
  await follow([eu, us], async () => {
    state = await databaseState(knex);
    // Held for a second each: time enough for what still follows.
    if ((await eu.poll(1)) || (await us.poll(1))) {
      await Promise.all([eu.report(), us.report()]);
      throw new Error('More was delivered');
    }
    if (JSON.stringify(await databaseState(knex)) !== JSON.stringify(state)) {
      throw new Error('The rows still change');
    }
  });
  return { hub, eu, us, state };
}
