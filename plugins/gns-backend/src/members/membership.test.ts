import type { Knex } from 'knex';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { FakeController } from '../__testUtils__/FakeController';
import { startHubBackend, type HubBackend } from '../__testUtils__/hubBackend';
import { ControllerAuthenticator } from './ControllerAuthenticator';
import { loadHubIdentity } from './hubIdentity';
import { hashOfToken, mintJoinToken, redeemJoinToken } from './joinTokens';

jest.setTimeout(60_000);

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('membership on %s', id => {
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
  const mint = async (name: string): Promise<string> =>
    (await hub.post('/clusters', { name })).body.token;

  it('the answer to a registration shows the token once; only its hash is stored', async () => {
    const answer = await hub.post('/clusters', { name: 'eu-1' });
    expect(answer.status).toBe(201);
    const { token, manifest, helm, hubUrl } = answer.body;
    expect(hubUrl).toBe('http://portal.test:7007');
    expect(manifest).toContain(token);
    expect(helm).toContain(token);
    const stored = JSON.stringify(await knex('gns_join_tokens'));
    expect(stored).not.toContain(token);
    expect(stored).toContain(hashOfToken(token));
    expect((await hub.get('/clusters/eu-1')).text).not.toContain(token);
    const twice = await hub.post('/clusters', { name: 'eu-1' });
    expect(twice.status).toBe(409);
    expect(twice.body.error.message).toMatch(/name "eu-1".*token/);
  });

  it('the instructions name the Prometheus that was asked for, and none with credentials', async () => {
    const prometheusUrl = 'http://prometheus.monitoring:9090/a,b';
    const first = await hub.post('/clusters', { name: 'eu-1', prometheusUrl });
    const query = new URLSearchParams({ prometheusUrl });
    const second = await hub.post(`/clusters/eu-1/token?${query}`);
    for (const { status, body } of [first, second]) {
      expect(status).toBe(201);
      expect(body.manifest).toContain(`--prometheus-url=${prometheusUrl}`);
      expect(body.helm).toContain(
        "prometheusUrl='http://prometheus.monitoring:9090/a\\,b'",
      );
    }
    expect((await hub.post('/clusters/eu-1/token')).body.helm).not.toContain(
      'prometheus',
    );
    for (const bad of ['prometheus', 'ftp://x', 'http://me:secret@x']) {
      const answer = await hub.post('/clusters', {
        name: 'eu-2',
        prometheusUrl: bad,
      });
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toMatch(/prometheusUrl.*is no address/);
    }
  });

  it('the instructions let the controller restart workloads only where that was asked for', async () => {
    const asked = [
      await hub.post('/clusters', { name: 'eu-1', restartWorkloads: true }),
      await hub.post('/clusters/eu-1/token?restartWorkloads=true'),
    ];
    for (const { status, body } of asked) {
      expect(status).toBe(201);
      expect(body.helm).toContain('--set restartWorkloads=true');
      expect(body.manifest).toContain('statefulsets');
    }
    const silent = [
      await hub.post('/clusters', { name: 'eu-2' }),
      await hub.post('/clusters/eu-2/token?restartWorkloads=false'),
    ];
    for (const { status, body } of silent) {
      expect(status).toBe(201);
      expect(body.helm).not.toContain('restartWorkloads');
      expect(body.manifest).not.toContain('statefulsets');
    }
    const bad = await hub.post('/clusters/eu-2/token?restartWorkloads=yes');
    expect(bad.status).toBe(400);
  });

  it('a token works once, also when it is raced', async () => {
    const token = await mint('eu-1');
    const racers = await Promise.allSettled(
      [1, 2, 3, 4].map(() => new FakeController(hub.base).enrol(token)),
    );
    expect(racers.filter(r => r.status === 'fulfilled')).toHaveLength(1);
    const reasons = racers.flatMap(r =>
      r.status === 'rejected' ? [r.reason] : [],
    );
    expect(reasons).toHaveLength(3);
    for (const reason of reasons) {
      expect(reason).toMatchObject({
        status: 401,
        message: expect.stringMatching(/used already.*Mint a new one/s),
      });
    }
  });

  it('unknown, replaced and expired tokens are told apart and change nothing', async () => {
    const controller = new FakeController(hub.base);
    await expect(controller.enrol('x'.repeat(43))).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining('not known'),
    });
    const old = await mint('eu-1');
    const newer = (await hub.post('/clusters/eu-1/token')).body.token;
    await expect(controller.enrol(old)).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining('replaced'),
    });
    await knex('gns_join_tokens').update({
      expires_at: '2020-01-01T00:00:00.000Z',
    });
    await expect(controller.enrol(newer)).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining('ran out'),
    });
    expect((await hub.get('/clusters/eu-1')).body.state).toBe('waiting');
  });

  it('a known cluster is refused under another name, and its token stays good', async () => {
    const eu = await hub.enrolled('eu-1');
    const token = await mint('eu-2');
    const again = new FakeController(hub.base);
    await expect(again.enrol(token, eu.uid)).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/member already.*eu-1/),
    });
    await expect(again.enrol(token)).resolves.toMatchObject({
      clusterName: 'eu-2',
    });
  });

  it('a name that belongs to another cluster is refused with the remedy', async () => {
    await hub.enrolled('eu-1');
    const { token } = (await hub.post('/clusters/eu-1/token')).body;
    await expect(
      new FakeController(hub.base).enrol(token),
    ).rejects.toMatchObject({
      status: 409,
      message: expect.stringMatching(/another cluster.*force=true/),
    });
  });

  it('a known cluster enrols again with a new token of its name: the old key ends', async () => {
    const eu = await hub.enrolled('eu-1');
    await eu.report();
    const oldKey = eu.key;
    const oldToken = await eu.token();
    const { token } = (await hub.post('/clusters/eu-1/token')).body;
    await eu.enrol(token);
    await expect(eu.report()).resolves.toMatchObject({ acknowledged: 1 });
    expect(eu.key).not.toBe(oldKey);
    await expect(
      eu.send('GET', '/desired?wait=0', { token: oldToken }),
    ).rejects.toMatchObject({ status: 401 });
  });

  it('the key is replaced by one that the old one vouches for', async () => {
    const eu = await hub.enrolled('eu-1');
    const before = await eu.token();
    await eu.rekey();
    await expect(eu.report()).resolves.toMatchObject({ acknowledged: 1 });
    await expect(
      eu.send('GET', '/desired?wait=0', { token: before }),
    ).rejects.toMatchObject({ status: 401 });
    const { publicKey } = await eu.newKey();
    await expect(
      eu.send('POST', '/rekey', {
        token: await eu.token(),
        body: { publicKey, proof: await eu.token() },
      }),
    ).rejects.toMatchObject({ status: 400 });
  });

  it('only a fresh token of the cluster itself, for this hub, is taken', async () => {
    const eu = await hub.enrolled('eu-1');
    const us = await hub.enrolled('us-1');
    const refused = async (token: string | undefined) =>
      expect(
        eu.send('GET', '/desired?wait=0', { token }),
      ).rejects.toMatchObject({ status: 401 });
    await refused(undefined);
    await refused('a.b.c');
    await refused(await eu.token({ aud: 'another-hub' }));
    await refused(await eu.token({ iss: us.identity!.clusterId }));
    await refused(await eu.token({ kid: us.identity!.clusterId }));
    await refused(await eu.token({ kid: 'nobody' }));
    await refused(await eu.token({ life: 3600 }));
    await refused(await eu.token({ life: -600 }));
    await refused(await eu.token({ jti: '' }));
    await refused(await eu.token({ jti: 'x'.repeat(129) }));
    await refused(await eu.token({}, us.key));
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    await refused(`${none}.${(await eu.token()).split('.')[1]}.`);
    await expect(eu.poll(0)).resolves.toEqual(expect.any(Boolean));
  });

  it('a token counts for one request, on every replica, until it expires', async () => {
    const eu = await hub.enrolled('eu-1');
    const us = await hub.enrolled('us-1');
    const token = await eu.token({ jti: 'one\0' });
    const ask = () =>
      Promise.allSettled(
        [1, 2, 3].map(() => eu.send('GET', '/desired?wait=0', { token })),
      );
    const raced = await ask();
    expect(raced.filter(r => r.status === 'fulfilled')).toHaveLength(1);
    const later = await ask();
    for (const one of [...raced, ...later].filter(
      r => r.status === 'rejected',
    )) {
      expect(one.reason).toMatchObject({
        status: 401,
        message: expect.stringMatching(/used before.*one for each request/),
      });
    }
    expect(later.filter(r => r.status === 'fulfilled')).toEqual([]);
    // Another cluster may choose the same id.
    const same = await us.token({ jti: 'one\0' });
    await us.send('GET', '/desired?wait=0', { token: same });

    // A replica that starts later knows it, and forgets what is expired anyhow.
    await knex('gns_token_ids').insert({
      cluster_id: eu.identity!.clusterId,
      token_id: 'expired',
      until: Date.now() - 1,
    });
    const { hubId } = await loadHubIdentity(knex);
    const replica = ControllerAuthenticator.create({
      knex,
      hubId,
      now: () => Date.now(),
    });
    const verified = await replica.authenticate(`Bearer ${token}`);
    await expect(replica.use(verified)).rejects.toThrow('used before');
    const kept = await knex('gns_token_ids').pluck('token_id');
    expect(kept).not.toContain('expired');
    expect(kept).toHaveLength(2);
    expect(verified.until).toBeGreaterThan(Date.now() + 5 * 60_000);
  });

  it('a forced disconnection revokes the key at once', async () => {
    const eu = await hub.enrolled('eu-1');
    expect((await hub.delete('/clusters/eu-1?force=true')).status).toBe(202);
    await expect(eu.report()).rejects.toMatchObject({ status: 401 });
    expect((await hub.get('/clusters')).body.items).toEqual([]);
  });

  it('replicas that start together are one hub', async () => {
    await knex('gns_hub').delete();
    const all = await Promise.all([1, 2, 3].map(() => loadHubIdentity(knex)));
    expect(new Set(all.map(h => h.hubId)).size).toBe(1);
    expect(new Set(all.map(h => h.publicKey.x)).size).toBe(1);
  });

  it('a refusal of the cluster rolls the use of the token back', async () => {
    await mint('eu-1');
    const { id: clusterId } = await knex('gns_clusters').first('id');
    const now = Date.now();
    const { token } = await mintJoinToken(knex, {
      clusterId,
      now,
      ttlMs: 1000,
    });
    await expect(
      knex.transaction(async trx => {
        await redeemJoinToken(trx, token, now);
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    await expect(redeemJoinToken(knex, token, now)).resolves.toBe(clusterId);
  });
});
