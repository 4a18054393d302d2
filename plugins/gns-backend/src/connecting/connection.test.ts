import { randomUUID } from 'node:crypto';
import type {
  CheckName,
  Connection,
  ReportInput,
} from '@isthmus/plugin-gns-common';
import { SignJWT } from 'jose';
import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { assertDocumented } from '../__testUtils__/documentedAnswers';
import { eventually } from '../__testUtils__/eventually';
import type { FakeController } from '../__testUtils__/FakeController';
import {
  clusterWith,
  exactly,
  follow,
  SHOP,
  shopWith,
  startHubBackend,
  type HubBackend,
} from '../__testUtils__/hubBackend';
import { inventoryOf } from '../__testUtils__/inventories';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const LONG_AGO = '2026-01-01T00:00:00.000Z';

describe.each(databases.eachSupportedId())('GET connection on %s', id => {
  let knex: Knex;
  let hub: HubBackend;
  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    hub = await startHubBackend(knex);
  });
  afterEach(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });
  const connection = async (name = 'eu-1'): Promise<Connection> => {
    const answer = await hub.get(`/clusters/${name}/connection`);
    if (answer.status !== 200) throw new Error(answer.text);
    assertDocumented('get', '/v1/clusters/{name}/connection', answer);
    return answer.body;
  };
  const stagesOf = ({ stages }: Connection) =>
    Object.fromEntries(stages.map(s => [s.stage, s.state]));
  const checkOf = ({ checks }: Connection, check: CheckName) =>
    checks.find(c => c.check === check);
  const inventory = (controller: FakeController) =>
    inventoryOf({
      uid: controller.uid,
      network: 'eu-1',
      gatewayIp: '198.51.100.1',
      services: { web: ['front'] },
    });

  it('a cluster that nobody installed anything in waits for its token to be used', async () => {
    await hub.post('/clusters', { name: 'eu-1' });
    const fresh = await connection();
    expect(fresh).toMatchObject({
      ready: false,
      tokenExpiresAt: expect.any(String),
    });
    expect(fresh.stuck).toBeUndefined();
    expect(stagesOf(fresh)).toEqual({
      registered: 'done',
      tokenShown: 'done',
      enrolled: 'active',
      inventory: 'waiting',
      checks: 'waiting',
      applied: 'waiting',
      reachable: 'waiting',
      ready: 'waiting',
    });
    expect(new Set(fresh.checks.map(c => c.state))).toEqual(
      new Set(['waiting']),
    );
    await knex('gns_join_tokens').update({ created_at: LONG_AGO });
    expect((await connection()).stuck).toMatchObject({
      reason: 'tokenWaiting',
      since: LONG_AGO,
    });
    await knex('gns_join_tokens').update({ expires_at: LONG_AGO });
    const expired = await connection();
    expect(expired.tokenExpiresAt).toBeUndefined();
    expect(stagesOf(expired)).toMatchObject({ tokenShown: 'stuck' });
    expect(expired.stuck).toMatchObject({
      reason: 'tokenExpiredUnused',
      remedy: expect.stringContaining('POST clusters/eu-1/token'),
    });
    await hub.post('/clusters/eu-1/token');
    expect((await connection()).stuck).toBeUndefined();
  });

  it('a controller that enrolled and is not heard of is told from one that is refused', async () => {
    const controller = await hub.enrolled('eu-1');
    expect((await connection()).stuck).toBeUndefined();
    await knex('gns_join_tokens').update({ used_at: LONG_AGO });
    expect((await connection()).stuck).toMatchObject({
      reason: 'enrolledNeverReported',
      since: LONG_AGO,
    });
    const token = (key: FakeController['key'], seconds: number) =>
      new SignJWT({})
        .setProtectedHeader({
          alg: 'ES256',
          kid: controller.identity!.clusterId,
        })
        .setIssuer(controller.identity!.clusterId)
        .setAudience(controller.identity!.hubId)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + 240)
        .setJti(randomUUID())
        .sign(key!);
    const now = Math.floor(Date.now() / 1000);
    await expect(
      controller.send('POST', '/report', {
        token: await token(controller.key, now - 3600),
        body: {},
      }),
    ).rejects.toMatchObject({ status: 401 });
    const off = await connection();
    expect(off.stuck).toMatchObject({ reason: 'clockOff' });
    expect(checkOf(off, 'clock')).toMatchObject({
      state: 'failed',
      remedy: expect.stringContaining('NTP'),
    });
    await knex('gns_clusters').update({ last_unauthorized_why: 'key' });
    expect((await connection()).stuck).toMatchObject({
      reason: 'refused',
      remedy: expect.stringContaining('new join token'),
    });
  });

  it('the first cluster becomes ready by itself, and says when it stops reporting', async () => {
    const controller = await hub.enrolled('eu-1');
    await controller.report({ inventory: inventory(controller) });
    let ready = await connection();
    await follow([controller], async () => {
      ready = await connection();
      expect(ready).toMatchObject({ ready: true });
    });
    expect(ready.stuck).toBeUndefined();
    expect(new Set(Object.values(stagesOf(ready)))).toEqual(new Set(['done']));
    expect(
      Object.fromEntries(ready.checks.map(c => [c.check, [c.state, c.reason]])),
    ).toEqual({
      istioVersion: ['ok', 'found'],
      injection: ['ok', 'injected'],
      eastWestGateway: ['ok', 'usable'],
      gatewayReachable: ['waiting', 'alone'],
      rootOfTrust: ['ok', 'firstCluster'],
      prometheus: ['warning', 'noPrometheus'],
      permissions: ['ok', 'sufficient'],
      networkRegion: ['ok', 'known'],
      clock: ['ok', 'inStep'],
    });
    await knex('gns_observations').update({ last_report_at: LONG_AGO });
    expect(await connection()).toMatchObject({
      ready: false,
      stuck: { reason: 'silent', since: LONG_AGO },
    });
  });

  it('a check that fails is what it is stuck at, with its remedy', async () => {
    const controller = await hub.enrolled('eu-1');
    const said = inventory(controller);
    const report = (over: Partial<ReportInput>) =>
      controller.report({ inventory: said, ...over });
    const later = () => new Date().toISOString();
    said.gateways = { ...said.gateways!, items: [], observedAt: later() };
    await report({});
    const none = await connection();
    expect(checkOf(none, 'eastWestGateway')).toMatchObject({
      state: 'failed',
      reason: 'noGateway',
      remedy: expect.stringContaining('east-west gateway'),
    });
    expect(none.stuck).toMatchObject({ reason: 'checkFailed' });
    expect(stagesOf(none)).toMatchObject({
      inventory: 'done',
      checks: 'stuck',
    });
    await report({
      inventory: { gateways: { ...inventory(controller).gateways! } },
      conditions: [
        {
          type: 'InventoryComplete',
          status: 'False',
          severity: 'warning',
          reason: 'Partial',
          message: 'workloads: pods is forbidden',
        },
      ],
    });
    expect((await connection()).stuck).toMatchObject({
      reason: 'cannotRead',
      text: expect.stringContaining('pods is forbidden'),
      remedy: expect.stringContaining('ClusterRole'),
    });
    await report({
      inventory: {},
      conditions: [],
      objects: [
        { key: 'x', gns: 'shop', state: 'conflict', message: 'it is not ours' },
      ],
    });
    expect((await connection()).stuck).toMatchObject({
      reason: 'cannotApply',
      text: 'x: it is not ours',
    });
    await report({ inventory: {} });
    await hub.post('/clusters/eu-1/pause');
    expect((await connection()).stuck).toMatchObject({
      reason: 'paused',
      remedy: expect.stringContaining('POST clusters/eu-1/resume'),
    });
  });

  it('says whether others reach its gateway, and what they share', async () => {
    const eu = await clusterWith(hub, 'eu-1', '198.51.100.1', {
      web: ['front'],
    });
    const us = await clusterWith(hub, 'us-1', '198.51.100.2', {
      depot: ['stock'],
    });
    expect(checkOf(await connection(), 'gatewayReachable')).toMatchObject({
      state: 'waiting',
      reason: 'noGlobalNamespaceYet',
    });
    expect(checkOf(await connection(), 'rootOfTrust')).toMatchObject({
      state: 'ok',
      reason: 'shared',
    });
    await hub
      .put(SHOP, shopWith([exactly('eu-1', 'web'), exactly('us-1', 'depot')]))
      .set('If-None-Match', '*');
    await eventually(async () => {
      for (const controller of [eu, us]) {
        await controller.poll(0);
        await controller.report();
      }
      expect(checkOf(await connection(), 'gatewayReachable')).toMatchObject({
        state: 'unknown',
        reason: 'notMeasured',
      });
      expect(stagesOf(await connection())).toMatchObject({
        applied: 'done',
        reachable: 'active',
      });
    });
    const at = new Date().toISOString();
    const door = {
      cluster: 'eu-1',
      address: '198.51.100.1',
      port: 15443,
      since: at,
      checkedAt: at,
    };
    await us.report({
      reachability: [{ ...door, reachable: false, error: 'timed out' }],
    });
    expect(await connection()).toMatchObject({
      ready: false,
      stuck: {
        reason: 'unreachable',
        text: expect.stringContaining('us-1 does not reach'),
        remedy: expect.stringContaining('198.51.100.1:15443'),
      },
    });
    await us.report({
      reachability: [{ ...door, reachable: true, latencyMs: 12 }],
    });
    await follow([eu], async () => {
      expect(await connection()).toMatchObject({ ready: true });
    });
  });

  it('answers 404 for a cluster that is not there', async () => {
    expect((await hub.get('/clusters/none/connection')).status).toBe(404);
  });
});
