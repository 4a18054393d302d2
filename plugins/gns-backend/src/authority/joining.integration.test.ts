import { setTimeout as sleep } from 'node:timers/promises';
import { X509Certificate } from 'node:crypto';
import type { Knex } from 'knex';
import { issuerSubject } from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { eventually } from '../__testUtils__/eventually';
import { csrOf, FakeIssuing } from '../__testUtils__/FakeIssuing';
import {
  clusterWith,
  exactly,
  SHOP,
  shopWith,
  startHubBackend,
  type HubBackend,
} from '../__testUtils__/hubBackend';
import { localSigner } from './certificates/CaSigner';
import { keyIdOf } from './certificates/keyIds';
import { buildRoot, newLocalKey } from './certificates/roots';

jest.setTimeout(90_000);

const databases = createTestDatabases();
const DEDICATED = {
  authority: { mode: 'dedicated', trustDomain: 'mesh', leafTtl: '1h' },
};

async function meshRoot(name: string): Promise<string> {
  const { privateKey, publicKey } = newLocalKey();
  const { pem } = await buildRoot({
    gns: name,
    signer: localSigner(privateKey, publicKey),
    now: Date.now(),
    lifeMs: 3600_000,
  });
  return pem;
}

async function twoClusters(knex: Knex) {
  const hub = await startHubBackend(knex);
  const eu = await clusterWith(hub, 'eu-1', '198.51.100.1', {
    web: ['front'],
  });
  const us = await clusterWith(hub, 'us-1', '198.51.100.2', {
    depot: ['stock'],
  });
  const members = [exactly('eu-1', 'web'), exactly('us-1', 'depot')];
  return {
    hub,
    members,
    eu: new FakeIssuing(eu, 'eu-1', await meshRoot('eu')),
    us: new FakeIssuing(us, 'us-1', await meshRoot('us')),
  };
}

async function put(hub: HubBackend, body: object, ifMatch?: number) {
  const request = hub.put(SHOP, body);
  const answer = await (ifMatch === undefined
    ? request.set('If-None-Match', '*')
    : request.set('If-Match', `"${ifMatch}"`));
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.body.stored.generation as number;
}

async function phases(knex: Knex): Promise<Record<string, string>> {
  const rows = await knex('gns_authority_members as m')
    .join('gns_clusters as c', 'c.id', 'm.cluster_id')
    .select('c.name', 'm.namespace', 'm.phase');
  return Object.fromEntries(
    rows.map(r => [`${r.name}/${r.namespace}`, r.phase]),
  );
}

/** Ticks both until `check` holds. */
async function until(
  clusters: readonly FakeIssuing[],
  check: () => void | Promise<void>,
): Promise<void> {
  let first = true;
  await eventually(async () => {
    // As often as the hub takes of one cluster: ten requests a second.
    if (!first) await sleep(250);
    first = false;
    for (const cluster of clusters) await cluster.tick();
    await check();
  }, 60_000);
}

/** Takes both clusters in, to the end: nobody outside calls. */
async function isolated(
  knex: Knex,
  clusters: readonly FakeIssuing[],
): Promise<void> {
  await until(clusters, async () => {
    expect(await phases(knex)).toEqual({
      'eu-1/web': 'adopt',
      'us-1/depot': 'adopt',
    });
  });
  await knex('gns_authorities').update({ callers_waived: 1 });
  await knex('gns_hub').increment('authority_revision', 1);
  await until(clusters, async () => {
    expect(await phases(knex)).toEqual({
      'eu-1/web': 'isolate',
      'us-1/depot': 'isolate',
    });
  });
}

describe.each(databases.eachSupportedId())('an authority, on %s', id => {
  let knex: Knex;
  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
  });

  it('signs issuers for members only, and for the cluster of the verified key only', async () => {
    const { hub, members, eu, us } = await twoClusters(knex);
    await put(hub, shopWith([members[0]], DEDICATED));
    await until([eu], () => {
      expect(eu.issuers.has('shop')).toBe(true);
    });
    const settings = eu.controller.settings!.authorities!.shop;
    expect(settings.namespaces).toMatchObject([
      { name: 'web', phase: 'adopt' },
    ]);
    const issued = eu.issuers.get('shop')!;
    const root = new X509Certificate(settings.bundle.roots[0].pem);
    const issuer = new X509Certificate(issued.chain[0]);
    expect(issuer.verify(root.publicKey)).toBe(true);
    expect(issuer.checkIssued(root)).toBe(true);
    const days =
      (Date.parse(issued.notAfter) - Date.parse(issued.notBefore)) / 86_400_000;
    expect(Math.round(days)).toBe(7);

    // The same key again: the same certificate.
    expect((await eu.ask('shop')).serial).toBe(issued.serial);
    // A cluster that is no member, and one that asks in the name of another.
    await expect(us.ask('shop')).rejects.toMatchObject({ status: 403 });
    await expect(eu.ask('shop', { cluster: 'us-1' })).rejects.toMatchObject({
      status: 400,
    });
    await expect(eu.ask('other')).rejects.toMatchObject({ status: 403 });
    const stranger = newLocalKey();
    const csr = csrOf(
      eu.keyOf('shop'),
      issuerSubject({
        gns: 'shop',
        cluster: 'eu-1',
        keyId: keyIdOf(stranger.publicKey),
      }),
    );
    await expect(eu.ask('shop', { csr })).rejects.toMatchObject({
      status: 400,
    });
    const audit = await hub.get('/audit?subject=authority:shop');
    expect(audit.body.items.map((e: { action: string }) => e.action)).toEqual([
      'issuer-sign',
      'authority-create',
    ]);
    expect(JSON.stringify(audit.body)).not.toContain('PRIVATE');
    const [row] = await knex('gns_authority_roots');
    expect(row.sealed).not.toContain('PRIVATE');
    await hub.backend.stop();
  });

  it('takes running workloads in, step by step, and lets them go again', async () => {
    const { hub, members, eu, us } = await twoClusters(knex);
    let generation = await put(hub, shopWith(members, DEDICATED));
    // Nobody measured who calls from outside: nothing is cut unseen.
    await until([eu, us], async () => {
      expect(await phases(knex)).toEqual({
        'eu-1/web': 'adopt',
        'us-1/depot': 'adopt',
      });
      expect(eu.controller.names('ProxyConfig')).toEqual(['gns-shop']);
    });
    await until([eu, us], () => {
      const proxy = [...eu.controller.objects.values()].find(
        o => o.manifest.kind === 'ProxyConfig',
      );
      expect(JSON.stringify(proxy)).toContain('CA_ADDR');
      expect(eu.controller.settings!.authorities!.shop.meshRoots).toHaveLength(
        2,
      );
    });
    expect(eu.controller.names('AuthorizationPolicy')).toEqual([]);
    await knex('gns_authorities').update({ callers_waived: 1 });
    await knex('gns_hub').increment('authority_revision', 1);

    await until([eu, us], async () => {
      expect(await phases(knex)).toEqual({
        'eu-1/web': 'isolate',
        'us-1/depot': 'isolate',
      });
      // Closed at the last.
      expect(eu.controller.names('AuthorizationPolicy')).toEqual(['gns-shop']);
    });

    generation = await put(
      hub,
      shopWith(members, { authority: { mode: 'mesh' } }),
      generation,
    );
    await until([eu, us], async () => {
      expect(await phases(knex)).toEqual({});
      expect(eu.controller.settings!.authorities).toBeUndefined();
      const proxy = [...eu.controller.objects.values()].find(
        o => o.manifest.kind === 'ProxyConfig',
      );
      expect(JSON.stringify(proxy)).not.toContain('CA_ADDR');
    });
    const deleted = await hub.delete(SHOP).set('If-Match', `"${generation}"`);
    expect(deleted.status).toBe(200);
    await hub.backend.stop();
  });

  it('lets a cluster that is disconnected go only when its pods are walked out', async () => {
    const { hub, members, eu, us } = await twoClusters(knex);
    await put(hub, shopWith(members, DEDICATED));
    await isolated(knex, [eu, us]);

    // Pods are not restarted for now.
    us.restarts = false;
    expect((await hub.delete('/clusters/us-1')).status).toBe(202);
    await until([eu, us], async () => {
      expect(await phases(knex)).toEqual({
        'eu-1/web': 'isolate',
        'us-1/depot': 'release',
      });
      // What they call is not theirs any more, but who issues to them stays.
      expect(us.controller.names('ServiceEntry')).toEqual([]);
      expect(us.controller.settings!.authorities!.shop).toBeDefined();
    });
    expect((await hub.get('/clusters')).body.items).toHaveLength(2);

    us.restarts = true;
    await eventually(async () => {
      await sleep(250);
      await us.tick().catch(error => {
        // Forgotten, it is no member any more, whatever it was about to say.
        if (error.status !== 401) throw error;
      });
      expect((await hub.get('/clusters')).body.items).toMatchObject([
        { name: 'eu-1' },
      ]);
    }, 60_000);
    await until([eu], async () => {
      expect(await phases(knex)).toEqual({ 'eu-1/web': 'isolate' });
    });
    await hub.backend.stop();
  });

  it('is not deleted while members hold its identities', async () => {
    const { hub, members, eu } = await twoClusters(knex);
    const generation = await put(hub, shopWith([members[0]], DEDICATED));
    await until([eu], async () => {
      const row = await knex('gns_authority_members').first();
      expect(row?.configured).toBe(1);
    });
    const deleted = await hub.delete(SHOP).set('If-Match', `"${generation}"`);
    expect(deleted.status).toBe(422);
    expect(deleted.text).toContain('authority-in-use');
    await hub.backend.stop();
  });
});
