import type { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  CONTROLLERS_PATH,
  MAX_REPORT_BYTES,
  type ReportInput,
} from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from './__testUtils__/databases';
import { databaseState } from './__testUtils__/databaseState';
import { FakeController } from './__testUtils__/FakeController';
import type { HubBackend } from './__testUtils__/hubBackend';
import { inventoryOf } from './__testUtils__/inventories';
import { settledShop, US_GATEWAY } from './__testUtils__/settledShop';

jest.setTimeout(60_000);

/** What us-1 reports, with `over` in place of parts of it. */
function inventory(
  uid: string,
  services: Record<string, string[]> = { depot: ['stock'] },
) {
  return inventoryOf({ uid, network: 'us-1', gatewayIp: US_GATEWAY, services });
}
type InventoryParts = ReturnType<typeof inventory>;

/** The first item of a part with some of its fields replaced. */
function forged<K extends keyof InventoryParts>(
  uid: string,
  kind: K,
  over: object,
): Partial<ReportInput> {
  const part = inventory(uid)[kind]!;
  const items = [{ ...part.items[0], ...over }];
  return { inventory: { [kind]: { ...part, items } } };
}

/** Reports that are refused as they are read: path, value, and what is said. */
const REFUSED: Record<
  string,
  [report: (uid: string) => object, path: string, found: string]
> = {
  'names another cluster': [() => ({ cluster: 'eu-1' }), 'report', '"cluster"'],
  'claims more pods than a cluster can have': [
    uid =>
      forged(uid, 'workloads', {
        pods: { total: 2, ready: 2, readyMtls: 1e9, awaitingRestart: 0 },
      }),
    'report.inventory.workloads.items[0].pods.readyMtls',
    '1000000000',
  ],
  'claims less than no pods': [
    uid =>
      forged(uid, 'workloads', {
        pods: { total: 2, ready: 2, readyMtls: -1, awaitingRestart: 0 },
      }),
    'report.inventory.workloads.items[0].pods.readyMtls',
    '-1',
  ],
  'claims a namespace with a path in its name': [
    uid => forged(uid, 'services', { namespace: 'depot/../web' }),
    'report.inventory.services.items[0].namespace',
    '"depot/../web"',
  ],
  'claims a service with a line break in its name': [
    uid => forged(uid, 'services', { name: 'stock\n' }),
    'report.inventory.services.items[0].name',
    String.raw`"stock\n"`,
  ],
  'claims a gateway at a URL': [
    uid =>
      forged(uid, 'gateways', {
        addresses: [{ hostname: 'http://eu.example/' }],
      }),
    'report.inventory.gateways.items[0].addresses[0].hostname',
    'eu.example',
  ],
  'claims a port that is none': [
    uid => forged(uid, 'gateways', { port: 65_536 }),
    'report.inventory.gateways.items[0].port',
    '65536',
  ],
  'brings a host of its own': [
    uid => forged(uid, 'services', { host: 'front.shop.gns.internal' }),
    'report.inventory.services.items[0]',
    '"host"',
  ],
  'brings a weight of its own': [
    uid => forged(uid, 'services', { weight: 1e9 }),
    'report.inventory.services.items[0]',
    '"weight"',
  ],
  'has no number': [() => ({ sequence: 0 }), 'report.sequence', '0'],
  'owns an object without a name': [
    () => ({ owned: [{ key: '', gns: 'shop' }] }),
    'report.owned[0].key',
    '""',
  ],
  'owns an object of no global namespace': [
    () => ({ owned: [{ key: 'v1/Namespace//web', gns: '' }] }),
    'report.owned[0].gns',
    '""',
  ],
  'owns an object with a null character in its key': [
    () => ({ owned: [{ key: 'v1/Namespace//a\u0000b', gns: 'shop' }] }),
    'report.owned[0].key',
    String.raw`"v1/Namespace//a\u0000b"`,
  ],
  'has a version with control characters': [
    () => ({ controllerVersion: '1\u0000' }),
    'report.controllerVersion',
    String.raw`"1\u0000"`,
  ],
};

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('a bad report on %s', id => {
  let knex: Knex;
  let hub: HubBackend;
  let eu: FakeController;
  let us: FakeController;
  let before: Awaited<ReturnType<typeof databaseState>>;

  const expectNothingChanged = async () =>
    expect(await databaseState(knex)).toEqual(before);
  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    ({ hub, eu, us, state: before } = await settledShop(knex));
  });
  afterEach(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });

  /** Sends bytes as a report of us-1. */
  const sendBytes = async (
    bytes: Uint8Array,
    headers: Record<string, string> = {},
  ) => {
    const answer = await fetch(
      `${hub.base}/api/gns${CONTROLLERS_PATH}/report`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await us.token()}`,
          ...headers,
        },
        body: new Uint8Array(bytes),
      },
    );
    return {
      status: answer.status,
      message: (await answer.json()).error.message,
    };
  };

  it('whose reports are not in the contract is told path, value and remedy, and changes nothing', async () => {
    for (const [what, [report, path, found]] of Object.entries(REFUSED)) {
      const { sequence } = us;
      const refusal = await us.report(report(us.uid)).then(
        () => 'taken',
        error => error,
      );
      us.sequence = sequence;
      expect([what, refusal]).toEqual([
        what,
        expect.objectContaining({
          status: 400,
          message: expect.stringContaining(`${path}: `),
        }),
      ]);
      expect(refusal.message).toContain(found);
      expect(refusal.message).toContain('Correct the value');
      await expectNothingChanged();
    }
  });

  it('that signs with a key of another changes nothing', async () => {
    const empty = {
      sequence: 100,
      startedAt: '2026-01-01T00:00:00.000Z',
      controllerVersion: '0.1.0',
      appliedEpoch: us.epoch,
      inventory: inventory(us.uid, {}),
    };
    for (const token of [
      await us.token({}, eu.key),
      await us.token({ kid: eu.identity!.clusterId }),
      await us.token({
        kid: eu.identity!.clusterId,
        iss: eu.identity!.clusterId,
      }),
      await us.token({ aud: 'another hub' }),
      await us.token({ life: -600 }),
    ]) {
      await expect(
        us.send('POST', '/report', { token, body: empty }),
      ).rejects.toMatchObject({
        status: 401,
        message: expect.stringMatching(/does not verify.*enrol it again/),
      });
    }
    await expectNothingChanged();
  });

  it('that replays a report, or sends an older one, changes nothing', async () => {
    const emptied = { inventory: inventory(us.uid, {}) };
    us.sequence -= 1;
    await expect(us.report(emptied)).resolves.toMatchObject({
      acknowledged: us.sequence,
    });
    await expectNothingChanged();
    us.sequence -= 2;
    await expect(us.report(emptied)).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/^sequence \d+: .* Go on with \d+/),
    });
    await expectNothingChanged();
  });

  it('that sends too much, a bomb, or no JSON changes nothing', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    const large = randomBytes(MAX_REPORT_BYTES / 2 + 1).toString('hex');
    const bomb = gzipSync(Buffer.alloc(MAX_REPORT_BYTES + 1, 0x20));
    for (const [what, status, message, answer] of [
      [
        'large',
        413,
        /larger than .* Send less/,
        await sendBytes(Buffer.from(large)),
      ],
      ['bomb', 413, /larger than .* Send less/, await sendBytes(bomb, gzip)],
      [
        'cut',
        400,
        /body: it is no JSON/,
        await sendBytes(Buffer.from('{"sequence": 9')),
      ],
      ['no gzip', 400, /./, await sendBytes(Buffer.from('{}'), gzip)],
      ['list', 400, /^report: /, await sendBytes(Buffer.from('[]'))],
    ] as const) {
      expect([what, answer]).toEqual([
        what,
        { status, message: expect.stringMatching(message) },
      ]);
      await expectNothingChanged();
    }
  });

  it('whose token is used twice at once joins once; the other changes nothing', async () => {
    const { token } = (await hub.post('/clusters', { name: 'ap-1' })).body;
    const racers = [1, 2].map(() => new FakeController(hub.base));
    const outcomes = await Promise.allSettled(racers.map(r => r.enrol(token)));
    const winner = racers[outcomes.findIndex(o => o.status === 'fulfilled')];
    const losers = outcomes.filter(o => o.status === 'rejected');
    expect(losers).toEqual([
      {
        status: 'rejected',
        reason: expect.objectContaining({
          status: 401,
          message: expect.stringMatching(/used already.*Mint a new one/),
        }),
      },
    ]);
    const [row] = await knex('gns_clusters').where({ name: 'ap-1' });
    expect(row.cluster_uid).toBe(winner.uid);
    expect(JSON.parse(row.public_key)).toEqual(winner.publicKey);
    expect(
      await knex('gns_audit').where({
        subject: 'cluster:ap-1',
        action: 'enrol',
      }),
    ).toHaveLength(1);
  });

  it('whose token expired, is unknown, or is for a cluster already known changes nothing', async () => {
    const { token } = (await hub.post('/clusters', { name: 'ap-1' })).body;
    const renewed = (await hub.post('/clusters/eu-1/token')).body.token;
    before = await databaseState(knex);
    const stranger = new FakeController(hub.base);
    for (const [used, uid, status, message] of [
      ['x'.repeat(43), stranger.uid, 401, /not known to this hub.*Mint/],
      [
        token,
        us.uid,
        409,
        /clusterUid ".*" *: .*us-1.*Mint a token for that name/,
      ],
      [renewed, stranger.uid, 409, /belongs to another cluster.*Register/],
    ] as const) {
      await expect(stranger.enrol(used, uid)).rejects.toMatchObject({
        status,
        message: expect.stringMatching(message),
      });
      await expectNothingChanged();
    }
    await knex('gns_join_tokens')
      .whereNull('used_at')
      .update({ expires_at: '2020-01-01T00:00:00.000Z' });
    before = await databaseState(knex);
    await expect(stranger.enrol(token)).rejects.toMatchObject({
      status: 401,
      message: expect.stringMatching(/ran out at 2020-.*Mint a new one/),
    });
    await expectNothingChanged();
  });
});
