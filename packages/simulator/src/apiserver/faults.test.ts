import type { ContractClient as Client } from './contract/connection';
import { ContractClient, MERGE } from './contract/connection';
import { configMap } from './contract/objects';
import type { ApiServer } from './server';
import { startApiServer } from './server';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

describe('faults of a simulated API server', () => {
  let server: ApiServer;
  let client: Client;

  beforeEach(async () => {
    server = await startApiServer({
      tokens: { admin: { username: 'admin', groups: ['system:masters'] } },
    });
    client = new ContractClient({
      url: server.url,
      adminToken: 'admin',
      readerToken: '',
      close: async () => {},
    });
  });

  afterEach(async () => {
    client.closeWatches();
    await server.stop();
  });

  const version = async () =>
    (await client.get(CONFIG_MAPS)).body.metadata.resourceVersion as string;

  it('a round trip delays answers and, by half, events', async () => {
    const opened = await client.watch(
      CONFIG_MAPS,
      `&resourceVersion=${await version()}`,
    );
    server.faults.setRoundTrip(80);
    const start = performance.now();
    await client.post(CONFIG_MAPS, configMap('far'));
    const answered = performance.now() - start;
    await opened.until(events => events.length === 1);
    const seen = performance.now() - start;
    // Timers may fire a millisecond early.
    expect(answered).toBeGreaterThanOrEqual(78);
    expect(seen).toBeGreaterThanOrEqual(117);
  });

  it('events keep their order when the round trip shrinks', async () => {
    const opened = await client.watch(
      CONFIG_MAPS,
      `&resourceVersion=${await version()}`,
    );
    server.faults.setRoundTrip(200);
    await client.post(CONFIG_MAPS, configMap('first'));
    server.faults.setRoundTrip(0);
    await client.post(CONFIG_MAPS, configMap('second'));
    const events = await opened.until(all => all.length === 2);
    expect(events.map(e => e.object.metadata.name)).toEqual([
      'first',
      'second',
    ]);
  });

  it('a silent watch stays open and never says again what it missed', async () => {
    const query = `&allowWatchBookmarks=true&resourceVersion=${await version()}`;
    const silent = await client.watch(CONFIG_MAPS, query);
    server.faults.setSilentWatches(true);
    await client.post(CONFIG_MAPS, configMap('unheard'));
    server.sendBookmarks();
    server.faults.setSilentWatches(false);
    await client.post(CONFIG_MAPS, configMap('later'));
    const fresh = await client.watch(CONFIG_MAPS, query);
    const events = await fresh.until(all => all.length === 2);
    expect(events.map(e => e.object.metadata.name)).toEqual([
      'unheard',
      'later',
    ]);
    expect(silent.events).toEqual([]);
    expect(silent.ended).toBe(false);
  });

  it('watches can be closed', async () => {
    const opened = await client.watch(CONFIG_MAPS, '');
    expect(server.openWatches).toBe(1);
    server.closeWatches();
    await opened.until(() => opened.ended && server.openWatches === 0);
    expect(server.openWatches).toBe(0);
  });

  it('after a compaction an old version is gone, as an event', async () => {
    const from = await version();
    await client.post(CONFIG_MAPS, configMap('later'));
    server.compact();
    const opened = await client.watch(CONFIG_MAPS, `&resourceVersion=${from}`);
    const [event] = await opened.until(events => events.length === 1);
    expect(event).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
    expect(event.object.message).toMatch(
      new RegExp(`^too old resource version: ${from} \\(\\d+\\)$`),
    );
    await opened.until(() => opened.ended);
    const fresh = await client.watch(
      CONFIG_MAPS,
      `&resourceVersion=${await version()}`,
    );
    await client.post(CONFIG_MAPS, configMap('fresh'));
    expect(await fresh.until(events => events.length === 1)).toHaveLength(1);
  });

  it('after a compaction an old version is gone, as a status', async () => {
    const from = await version();
    server.compact({ as: 'status' });
    const { status, body } = await client.get(
      `${CONFIG_MAPS}?watch=1&resourceVersion=${from}`,
    );
    expect([status, body.reason]).toEqual([410, 'Expired']);
  });

  it('a paged list does not survive a compaction', async () => {
    for (const name of ['p-1', 'p-2']) {
      await client.post(CONFIG_MAPS, configMap(name));
    }
    const first = await client.get(`${CONFIG_MAPS}?limit=1`);
    server.compact();
    const { status, body } = await client.get(
      `${CONFIG_MAPS}?limit=1&continue=${first.body.metadata.continue}`,
    );
    expect([status, body.reason]).toEqual([410, 'Expired']);
  });

  it('the next requests that match fail, and no others', async () => {
    server.faults.failNext(2, 503, {
      reason: 'ServiceUnavailable',
      match: ({ method }) => method === 'POST',
    });
    expect((await client.get(CONFIG_MAPS)).status).toBe(200);
    expect((await client.post(CONFIG_MAPS, configMap('f'))).status).toBe(503);
    const second = await client.post(CONFIG_MAPS, configMap('f'));
    expect(second.body.reason).toBe('ServiceUnavailable');
    expect((await client.post(CONFIG_MAPS, configMap('f'))).status).toBe(201);
  });

  it('refused objects carry the message, and the others pass', async () => {
    const end = server.faults.rejectObjects(
      object => object.metadata.labels?.bad === 'yes',
      'no bad labels here',
    );
    const bad = configMap('bad', {}, { labels: { bad: 'yes' } });
    const refused = await client.post(CONFIG_MAPS, bad);
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain('no bad labels here');
    expect((await client.post(CONFIG_MAPS, configMap('good'))).status).toBe(
      201,
    );
    end();
    expect((await client.post(CONFIG_MAPS, bad)).status).toBe(201);
  });

  it('a restart ends connections and keeps port, objects and versions', async () => {
    const { body } = await client.post(CONFIG_MAPS, configMap('kept'));
    const opened = await client.watch(CONFIG_MAPS, '');
    const { url } = server;
    await server.restart();
    await opened.until(() => opened.ended);
    expect(server.url).toBe(url);
    const again = await client.get(`${CONFIG_MAPS}/kept`);
    expect(again.body).toEqual(body);
  });

  it('a snapshot brings the objects back, with versions that only grow', async () => {
    const { body } = await client.post(CONFIG_MAPS, configMap('saved'));
    const other = await startApiServer({
      tokens: { admin: { username: 'admin', groups: ['system:masters'] } },
      snapshot: JSON.parse(JSON.stringify(server.store.snapshot())),
    });
    try {
      const second = new ContractClient({
        ...client.connection,
        url: other.url,
      });
      const restored = await second.get(`${CONFIG_MAPS}/saved`);
      expect(restored.body).toEqual(body);
      const written = await second.patch(`${CONFIG_MAPS}/saved`, MERGE, {
        data: { a: '1' },
      });
      expect(Number(written.body.metadata.resourceVersion)).toBeGreaterThan(
        Number(body.metadata.resourceVersion),
      );
    } finally {
      await other.stop();
    }
  });

  it('dependents go with their owner, unless they are orphaned', async () => {
    const make = async (name: string) => {
      const owner = await client.post(CONFIG_MAPS, configMap(name));
      const { uid } = owner.body.metadata;
      await client.post(
        CONFIG_MAPS,
        configMap(
          `${name}-child`,
          {},
          {
            ownerReferences: [
              { apiVersion: 'v1', kind: 'ConfigMap', name, uid },
            ],
          },
        ),
      );
    };
    await make('owner');
    await make('parent');
    const opened = await client.watch(
      CONFIG_MAPS,
      `&resourceVersion=${await version()}`,
    );
    await client.delete(`${CONFIG_MAPS}/parent`, {
      propagationPolicy: 'Orphan',
    });
    await client.delete(`${CONFIG_MAPS}/owner`);
    const events = await opened.until(all => all.length >= 3);
    expect(
      events.map(e => `${e.type} ${e.object.metadata.name}`).sort(),
    ).toEqual(['DELETED owner', 'DELETED owner-child', 'DELETED parent']);
    expect((await client.get(`${CONFIG_MAPS}/parent-child`)).status).toBe(200);
  });

  it('a deleted namespace takes its contents along', async () => {
    await client.post('/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'brief' },
    });
    await client.post('/api/v1/namespaces/brief/configmaps', configMap('x'));
    const opened = await client.watch(
      '/api/v1/namespaces',
      '&fieldSelector=metadata.name%3Dbrief',
    );
    await client.delete('/api/v1/namespaces/brief');
    await opened.until(events => events.some(e => e.type === 'DELETED'));
    expect(
      (await client.get('/api/v1/namespaces/brief/configmaps')).body.items,
    ).toEqual([]);
  });
});
