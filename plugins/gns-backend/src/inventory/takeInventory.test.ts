import { INVENTORY_KINDS, type Inventory } from '@isthmus/plugin-gns-common';
import { inventorySchema } from '@isthmus/plugin-gns-common';
import { inventoryOf } from '../__testUtils__/inventories';
import {
  NEVER_SEEN,
  releaseLosses,
  takeInventory,
  type EndpointInUse,
  type InventoryState,
} from './takeInventory';

const nothing = Object.fromEntries(
  INVENTORY_KINDS.map(k => [k, NEVER_SEEN]),
) as Record<keyof InventoryState, typeof NEVER_SEEN>;

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
const report = (services: string[], observedAt = '2026-01-01T00:00:00.000Z') =>
  inventorySchema.parse(
    inventoryOf({
      uid: 'u',
      network: 'n',
      gatewayIp: '198.51.100.1',
      services: { shop: services },
      observedAt,
    }),
  );
const endpoint = (name: string, elsewhere = true): EndpointInUse => ({
  gns: 'shop',
  host: `${name}.shop`,
  namespace: 'shop',
  service: name,
  workloads: [name],
  elsewhere,
});
const endpoints = names.map(n => endpoint(n));
const full = takeInventory(nothing, report(names), { endpoints: [] }).state;
const later = '2026-01-01T00:01:00.000Z';
const only = (inventory: Inventory, ...kinds: (keyof Inventory)[]): Inventory =>
  Object.fromEntries(kinds.map(k => [k, inventory[k]]));
const servicesOf = (state: InventoryState) =>
  state.services.items.map(i => ('name' in i ? i.name : '')).sort();

describe('takeInventory', () => {
  it('takes the first report as it is', () => {
    expect(servicesOf(full)).toEqual(names);
    expect(full.services.mark).toBe('complete');
  });

  it('a partial list adds and changes, and removes nothing', () => {
    const partial = report(['z'], later);
    partial.services!.mark = 'partial';
    const taken = takeInventory(full, only(partial, 'services'), { endpoints });
    expect(servicesOf(taken.state)).toEqual([...names, 'z']);
    expect(taken.held).toEqual([]);
  });

  it('an older list removes nothing', () => {
    const old = report([], '2025-01-01T00:00:00.000Z');
    const taken = takeInventory(full, only(old, 'services', 'workloads'), {
      endpoints,
    });
    expect(servicesOf(taken.state)).toEqual(names);
  });

  it('up to a fifth of the endpoints of hosts that others serve too may vanish', () => {
    const taken = takeInventory(full, report(names.slice(2), later), {
      endpoints,
    });
    expect(servicesOf(taken.state)).toEqual(names.slice(2));
    expect(taken.held).toEqual([]);
  });

  it('more than a fifth is held, and what is new is taken all the same', () => {
    const taken = takeInventory(
      full,
      report([...names.slice(3), 'new'], later),
      { endpoints },
    );
    expect(servicesOf(taken.state)).toEqual([...names, 'new']);
    expect(taken.hosts).toEqual(['a.shop', 'b.shop', 'c.shop']);
    expect(taken.held).toContain('services/shop/a');
    expect(taken.held).toContain('workloads/shop/Deployment/a');
  });

  it('the last endpoint of a host is held', () => {
    const taken = takeInventory(full, report(names.slice(1), later), {
      endpoints: [endpoint('a', false), ...endpoints.slice(1)],
    });
    expect(taken.hosts).toEqual(['a.shop']);
    expect(servicesOf(taken.state)).toEqual(names);
  });

  it('a lost namespace, and a lost gateway, are lost endpoints', () => {
    const empty = report(names, later);
    empty.namespaces!.items = [];
    expect(
      takeInventory(full, only(empty, 'namespaces'), { endpoints }).held,
    ).toEqual(['namespaces/shop']);
    const dark = report(names, later);
    dark.gateways!.items = [];
    expect(
      takeInventory(full, only(dark, 'gateways'), { endpoints }).held,
    ).toEqual(['gateways/istio-system/istio-eastwestgateway']);
  });

  it('what live watches saw deleted is believed', () => {
    const empty = report([], later);
    const deletions = names.map(name => ({
      namespace: 'shop',
      name,
      at: later,
    }));
    empty.services!.deletions = deletions;
    empty.workloads!.deletions = deletions;
    const taken = takeInventory(full, only(empty, 'services', 'workloads'), {
      endpoints,
    });
    expect(taken.held).toEqual([]);
    expect(servicesOf(taken.state)).toEqual([]);
  });

  it('a namespace that a live watch saw deleted explains all that was in it', () => {
    const empty = report([], later);
    empty.namespaces!.items = [];
    empty.namespaces!.deletions = [{ namespace: '', name: 'shop', at: later }];
    const taken = takeInventory(full, empty, { endpoints });
    expect(taken.held).toEqual([]);
    expect(taken.state.namespaces.items).toEqual([]);
  });

  it('a held loss stays held by reports of other kinds, and ends when the items return', () => {
    const lost = takeInventory(
      full,
      only(report([], later), 'services', 'workloads'),
      { endpoints },
    );
    expect(lost.held).toHaveLength(20);
    const other = takeInventory(
      lost.state,
      only(report([], later), 'gateways'),
      { endpoints },
    );
    expect(other.held).toEqual(lost.held);
    const partial = report([], later);
    partial.services!.mark = 'partial';
    expect(
      takeInventory(other.state, only(partial, 'services'), { endpoints }).held,
    ).toEqual(lost.held);
    const back = takeInventory(other.state, report(names, later), {
      endpoints,
    });
    expect(back.held).toEqual([]);
    expect(servicesOf(back.state)).toEqual(names);
  });

  it('a released loss is applied, and only that', () => {
    const lost = takeInventory(
      full,
      only(report([], later), 'services', 'workloads'),
      { endpoints },
    );
    const released = releaseLosses(lost.state, new Set(lost.held));
    expect(servicesOf(released.state)).toEqual([]);
    expect([...released.changed].sort()).toEqual(['services', 'workloads']);
    expect(released.state.namespaces).toBe(full.namespaces);
  });

  it('a mesh without facts keeps the ones before', () => {
    const empty = report(names, later);
    empty.mesh!.items = [];
    expect(
      takeInventory(full, only(empty, 'mesh'), { endpoints }).state.mesh.items,
    ).toEqual(full.mesh.items);
  });

  it.each([
    ['gateways without addresses', 'gateways', { addresses: [] }],
    ['namespaces without labels', 'namespaces', { labels: {} }],
    ['services without ports', 'services', { ports: [] }],
    ['services without selector', 'services', { selector: undefined }],
  ] as const)('%s are held like missing ones', (_name, kind, emptied) => {
    const hollow = only(report(names, later), kind);
    const part = hollow[kind]!;
    const kept = full[kind].items;
    // What the cluster had is worth something.
    expect(kept[0]).not.toEqual({ ...kept[0], ...emptied });
    (part.items as object[]).forEach(item => Object.assign(item, emptied));
    const taken = takeInventory(full, hollow, { endpoints });
    expect(taken.state[kind].items).toEqual(kept);
    expect(taken.held.length).toBe(kept.length);

    // Judged anew each time, and believed once the fields are back.
    const again = takeInventory(taken.state, hollow, { endpoints });
    expect(again.state[kind].items).toEqual(kept);
    const mended = takeInventory(
      again.state,
      only(report(names, '2026-01-01T00:02:00.000Z'), kind),
      { endpoints },
    );
    expect(mended.held).toEqual([]);
    expect(mended.state[kind].items).toEqual(kept);
  });
});
