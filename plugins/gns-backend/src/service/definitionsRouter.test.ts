import { gzipSync } from 'node:zlib';
import type { Knex } from 'knex';
import request from 'supertest';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  canonicalJson,
  formatYaml,
  gnsPermissions,
  parseDefinition,
} from '@isthmus/plugin-gns-common';
import { definitionConditions } from '@isthmus/plugin-gns-node';
import {
  createTestDatabases,
  migratedDatabase,
} from '../__testUtils__/databases';
import { startDefinitionsBackend } from '../__testUtils__/definitionsBackend';
import { assertDocumented } from '../__testUtils__/documentedAnswers';
import { rememberPlan } from '../plans/PlanStore';

jest.setTimeout(60_000);

const BASE = '/api/gns/v1/definitions';
const SHOP = `${BASE}/GlobalNamespace/shop`;
const DEFINITION = '/v1/definitions/{kind}/{name}';

function gns(name: string, over: Record<string, unknown> = {}) {
  return {
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'GlobalNamespace',
    metadata: { name, ...over },
    spec: { domain: `${name}.gns.internal` },
  };
}

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('definitions router on %s', id => {
  let knex: Knex;
  let hub: Awaited<ReturnType<typeof startDefinitionsBackend>>;

  beforeEach(async () => {
    knex = await migratedDatabase(databases, id);
    hub = await startDefinitionsBackend({ knex });
  });
  afterEach(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });

  const create = (name: string, over: Record<string, unknown> = {}) =>
    request(hub.server)
      .put(`${BASE}/GlobalNamespace/${name}`)
      .set('If-None-Match', '*')
      .send(gns(name, over));
  const as = (user: string) =>
    mockCredentials.user.header(`user:default/${user}`);

  it('a definition is created, read, changed and deleted', async () => {
    const created = await create('shop').set(
      'Gns-Message',
      encodeURIComponent('はじめ'),
    );
    expect(created.status).toBe(200);
    assertDocumented('put', DEFINITION, created);
    expect(created.headers.etag).toBe('"1"');
    expect(created.body).toMatchObject({
      result: 'created',
      warnings: [],
      stored: {
        generation: 1,
        updatedBy: 'user:default/mock',
        definition: { spec: { domain: 'shop.gns.internal', mtls: 'strict' } },
      },
    });

    const read = await request(hub.server).get(SHOP);
    assertDocumented('get', DEFINITION, read);
    expect(read.headers.etag).toBe('"1"');
    expect(read.body).toEqual(created.body.stored);

    const change = () =>
      request(hub.server)
        .put(SHOP)
        .set('If-Match', 'W/"1"')
        .set('Gns-Plan', 'a'.repeat(64))
        .send(gns('shop', { title: 'Web shop' }));
    const unplanned = await change();
    assertDocumented('put', DEFINITION, unplanned);
    expect(unplanned.body.error).toMatchObject({
      name: 'PlanMismatchError',
      conflict: { type: 'plan', reason: 'unknown' },
    });
    const parsed = parseDefinition(gns('shop', { title: 'Web shop' }));
    if (!parsed.ok) throw new Error('bad test');
    await rememberPlan(
      knex,
      {
        hash: 'a'.repeat(64),
        documents: new Map([
          ['GlobalNamespace:shop', canonicalJson(parsed.definition)],
        ]),
        losses: [],
      },
      Date.now(),
    );
    const changed = await change();
    assertDocumented('put', DEFINITION, changed);
    expect(changed.body).toMatchObject({
      result: 'updated',
      stored: { generation: 2 },
    });

    const same = await request(hub.server)
      .put(SHOP)
      .set('If-Match', '"2"')
      .send(gns('shop', { title: 'Web shop' }));
    expect(same.body).toMatchObject({
      result: 'unchanged',
      stored: { generation: 2 },
    });

    const deleted = await request(hub.server)
      .delete(SHOP)
      .set('If-Match', '"2"');
    assertDocumented('delete', DEFINITION, deleted);
    expect(deleted.body).toEqual({ result: 'deleted', warnings: [] });
    const gone = await request(hub.server).get(SHOP);
    expect(gone.status).toBe(404);
    assertDocumented('get', DEFINITION, gone);

    const history = await request(hub.server).get(`${SHOP}/revisions`);
    assertDocumented('get', `${DEFINITION}/revisions`, history);
    expect(history.body.intact).toBe(true);
    expect(
      history.body.items.map((r: { action: string; message: string }) => [
        r.action,
        r.message,
      ]),
    ).toEqual([
      ['delete', ''],
      ['update', ''],
      ['create', 'はじめ'],
    ]);
    const ref = { kind: 'GlobalNamespace', name: 'shop' };
    expect(hub.told).toEqual([
      { refs: [ref] },
      { refs: [ref], plan: 'a'.repeat(64) },
      { refs: [ref] },
    ]);
  });

  it('YAML goes in and comes out as it can be sent back', async () => {
    const sent = await request(hub.server)
      .put(SHOP)
      .set('If-None-Match', '*')
      .type('application/yaml')
      .send(formatYaml(gns('shop', { title: 'Laden — 店' })));
    expect(sent.status).toBe(200);
    const read = await request(hub.server)
      .get(SHOP)
      .set('Accept', 'application/yaml');
    expect(read.type).toBe('application/yaml');
    expect(read.text).toContain('title: Laden — 店');
    const again = await request(hub.server)
      .put(SHOP)
      .set('If-Match', read.headers.etag)
      .type('text/yaml')
      .send(read.text);
    expect(again.body.result).toBe('unchanged');
  });

  it('an unchanged definition is answered with 304', async () => {
    await create('shop');
    const read = await request(hub.server)
      .get(SHOP)
      .set('If-None-Match', '"1"');
    expect(read.status).toBe(304);
  });

  it.each([
    ['neither header', {}, 428, /send If-None-Match: \* to create/],
    ['a stale If-Match', { 'If-Match': '"1"' }, 412, /generation 2 by now/],
    ['a future If-Match', { 'If-Match': '"9"' }, 412, /generation 2 by now/],
    ['If-None-Match', { 'If-None-Match': '*' }, 412, /exists already/],
    ['If-Match: *', { 'If-Match': '*' }, 400, /must be the one generation/],
    ['If-Match: 2', { 'If-Match': '2' }, 400, /must be the one generation/],
    ['two tags', { 'If-Match': '"1", "2"' }, 400, /must be the one generation/],
    [
      'a tag in If-None-Match',
      { 'If-None-Match': '"2"' },
      400,
      /only, which creates/,
    ],
    [
      'both headers',
      { 'If-Match': '"2"', 'If-None-Match': '*' },
      400,
      /both sent/,
    ],
    [
      'a broken message',
      { 'If-Match': '"2"', 'Gns-Message': '%E3%' },
      400,
      /not URI-encoded/,
    ],
    [
      'a message with controls',
      { 'If-Match': '"2"', 'Gns-Message': 'a%0Ab' },
      400,
      /visible characters/,
    ],
    [
      'a plan that is none',
      { 'If-Match': '"2"', 'Gns-Plan': '../x' },
      400,
      /no hash of a plan/,
    ],
  ])(
    'a write with %s changes nothing',
    async (_what, headers, status, message) => {
      await create('shop');
      await request(hub.server)
        .put(SHOP)
        .set('If-Match', '"1"')
        .send(gns('shop', { title: 'a' }));
      const answer = await request(hub.server)
        .put(SHOP)
        .set(headers)
        .send(gns('shop', { title: 'b' }));
      expect(answer.status).toBe(status);
      expect(answer.body.error.message).toMatch(message);
      assertDocumented('put', DEFINITION, answer);
      expect(
        (await hub.store.get({ kind: 'GlobalNamespace', name: 'shop' }))
          ?.generation,
      ).toBe(2);
    },
  );

  it('a deletion without or with a stale If-Match deletes nothing', async () => {
    await create('shop');
    const missing = await request(hub.server).delete(SHOP);
    expect(missing.status).toBe(428);
    assertDocumented('delete', DEFINITION, missing);
    const stale = await request(hub.server).delete(SHOP).set('If-Match', '"3"');
    expect(stale.status).toBe(412);
    expect(stale.body.error.message).toContain('has generation 1 by now');
    expect((await request(hub.server).get(SHOP)).status).toBe(200);
  });

  it.each<[string, string, string, number, string, RegExp]>([
    [
      'duplicate keys in JSON',
      'application/json',
      '{"apiVersion":"gns.isthmus.dev/v1","kind":"GlobalNamespace","kind":"GlobalNamespace","metadata":{"name":"shop"},"spec":{"domain":"shop.gns.internal"}}',
      422,
      'duplicate-key',
      /Keep one of the two keys/,
    ],
    [
      'an anchor',
      'application/yaml',
      'apiVersion: &v gns.isthmus.dev/v1\nkind: GlobalNamespace\nmetadata: { name: shop, title: *v }\nspec: {}\n',
      422,
      'yaml-feature',
      /Write the values out/,
    ],
    [
      'two documents',
      'application/yaml',
      `${formatYaml(gns('shop'))}---\n${formatYaml(gns('shop'))}`,
      422,
      'several-documents',
      /Send each document to its own URL/,
    ],
    ['nothing', 'application/yaml', '', 422, 'empty', /Send one definition/],
    [
      'broken JSON',
      'application/json',
      '{"kind": ',
      422,
      'yaml-syntax',
      /Correct/,
    ],
    [
      'another name',
      'application/yaml',
      formatYaml(gns('other')),
      422,
      'path-differs',
      /metadata\.name: The URL says "shop"\. Found "other"/,
    ],
    [
      'an unknown field',
      'application/yaml',
      formatYaml({ ...gns('shop'), spec: { domain: 'a.internal', foo: 1 } }),
      422,
      'unknown-field',
      /spec\.foo: .* Found 1\./,
    ],
    [
      'a kind of the future',
      'application/yaml',
      formatYaml({ ...gns('shop'), kind: 'TrafficRoute' }),
      422,
      'not-supported-yet',
      /TrafficRoute is not supported yet/,
    ],
  ])(
    'a body with %s is refused with path, value and remedy',
    async (_what, type, body, status, code, message) => {
      const answer = await request(hub.server)
        .put(SHOP)
        .set('If-None-Match', '*')
        .type(type)
        .send(body);
      expect(answer.status).toBe(status);
      expect(answer.body.error).toMatchObject({
        name: 'InvalidDefinitionError',
        message: expect.stringMatching(message),
        problems: expect.arrayContaining([expect.objectContaining({ code })]),
      });
      assertDocumented('put', DEFINITION, answer);
      expect((await request(hub.server).get(SHOP)).status).toBe(404);
    },
  );

  it('a body of 1 MiB is refused: announced, in chunks, or compressed', async () => {
    const put = () =>
      request(hub.server)
        .put(SHOP)
        .set('If-None-Match', '*')
        .type('application/yaml');
    const announced = await put().send('#'.repeat(1024 * 1024));
    const chunked = put();
    for (let i = 0; i < 16; i += 1) chunked.write('#'.repeat(64 * 1024));
    const bomb = put().set('Content-Encoding', 'gzip');
    bomb.write(gzipSync('#'.repeat(16 * 1024 * 1024)));
    for (const answer of [announced, await chunked, await bomb]) {
      expect(answer.status).toBe(413);
      expect(answer.body.error).toMatchObject({
        name: 'ContentTooLargeError',
        message: expect.stringMatching(/at most 262144 bytes.*Split it/),
      });
      assertDocumented('put', DEFINITION, answer);
    }
    expect(await hub.store.list()).toEqual([]);
  });

  it('other media types and broken UTF-8 are refused', async () => {
    const form = await request(hub.server)
      .put(SHOP)
      .set('If-None-Match', '*')
      .type('form')
      .send({ a: 1 });
    expect(form.status).toBe(415);
    assertDocumented('put', DEFINITION, form);
    const latin1 = await request(hub.server)
      .put(SHOP)
      .set('If-None-Match', '*')
      .type('application/yaml')
      .send(Buffer.from('title: L\xe4den', 'latin1'));
    expect(latin1.status).toBe(422);
    expect(latin1.body.error.problems[0].code).toBe('not-utf-8');
  });

  it('what may not change once used is refused', async () => {
    await create('shop');
    const answer = await request(hub.server)
      .put(SHOP)
      .set('If-Match', '"1"')
      .send({ ...gns('shop'), spec: { domain: 'other.gns.internal' } });
    expect(answer.status).toBe(422);
    expect(answer.body.error.problems).toEqual([
      expect.objectContaining({ code: 'immutable', path: 'spec.domain' }),
    ]);
  });

  it('errors of the checker refuse, its warnings come with the answer', async () => {
    const problem = {
      code: 'domain-taken',
      path: 'spec.domain',
      value: '"shop.gns.internal"',
      message: 'The domain is taken by GlobalNamespace:other.',
      remedy: 'Choose another.',
    };
    hub.state.problems = [{ ...problem, severity: 'error' }];
    const refused = await create('shop');
    expect(refused.status).toBe(422);
    expect(refused.body.error.message).toBe(
      'spec.domain: The domain is taken by GlobalNamespace:other. Found "shop.gns.internal". Choose another.',
    );
    expect(await hub.store.list()).toEqual([]);
    expect(hub.told).toEqual([]);

    hub.state.problems = [{ ...problem, severity: 'warning' }];
    const passed = await create('shop');
    expect(passed.body).toMatchObject({
      result: 'created',
      warnings: [{ code: 'domain-taken', severity: 'warning' }],
    });
  });

  it('a check is repeated when another definition was written meanwhile', async () => {
    let checks = 0;
    hub.state.duringCheck = async () => {
      checks += 1;
      if (checks > 1) return;
      await hub.store.put(
        { ...gns('other'), metadata: { name: 'other', labels: {} } },
        { type: 'absent' },
        { actor: 'user:default/al', message: '' },
      );
    };
    expect((await create('shop')).status).toBe(200);
    expect(checks).toBe(2);
    expect(await hub.store.list()).toHaveLength(2);
  });

  it('a definition that others belong to is not deleted, and they are named', async () => {
    await create('shop');
    await hub.store.put(
      {
        apiVersion: 'gns.isthmus.dev/v1',
        kind: 'TrafficRoute',
        metadata: { name: 'revisions', gns: 'shop', labels: {} },
        spec: {},
      },
      { type: 'absent' },
      { actor: 'user:default/al', message: '' },
    );
    const refused = await request(hub.server)
      .delete(SHOP)
      .set('If-Match', '"1"');
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toContain('TrafficRoute:shop/revisions');
    assertDocumented('delete', DEFINITION, refused);

    const route = `${BASE}/TrafficRoute/shop/revisions`;
    const history = await request(hub.server).get(`${route}/revisions`);
    expect(history.body.items).toHaveLength(1);
    const removed = await request(hub.server)
      .delete(route)
      .set('If-Match', '"1"');
    expect(removed.body.result).toBe('deleted');
    expect(
      (await request(hub.server).delete(SHOP).set('If-Match', '"1"')).status,
    ).toBe(200);
  });

  it('lists are paged, and filtered by kind', async () => {
    for (const name of ['c', 'a', 'b']) await create(name);
    const names = (body: {
      items: Array<{ definition: { metadata: { name: string } } }>;
    }) => body.items.map(i => i.definition.metadata.name);
    const first = await request(hub.server).get(`${BASE}?limit=2&kind=`);
    assertDocumented('get', '/v1/definitions', first);
    expect(names(first.body)).toEqual(['a', 'b']);
    const second = await request(hub.server)
      .get(BASE)
      .query({ limit: 2, cursor: first.body.nextCursor });
    expect(names(second.body)).toEqual(['c']);
    expect(second.body.nextCursor).toBeUndefined();
    const none = await request(hub.server).get(`${BASE}?kind=TrafficRoute`);
    expect(none.body).toEqual({ items: [] });
  });

  it.each([
    ['limit=0', /query\.limit: is less than 1/],
    ['limit=501', /query\.limit: is more than 500/],
    ['limit=x', /query\.limit: is no number/],
    ['cursor=!!', /none of ours/],
    ['kind=a&kind=b', /query\.kind/],
  ])('a list with %s is refused', async (query, message) => {
    const answer = await request(hub.server).get(`${BASE}?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toMatch(message);
    assertDocumented('get', '/v1/definitions', answer);
  });

  it.each([
    'GlobalNamespace/nope',
    'GlobalNamespace/shop/nope',
    'Nope/shop',
    'globalnamespace/shop',
    'GlobalNamespace/__proto__',
    'GlobalNamespace/%2e%2e%2fx',
    'GlobalNamespace/%00',
  ])('there is no %s', async path => {
    await create('shop');
    expect((await request(hub.server).get(`${BASE}/${path}`)).status).toBe(404);
    expect(
      (await request(hub.server).get(`${BASE}/${path}/revisions`)).status,
    ).toBe(404);
    expect(
      (
        await request(hub.server)
          .delete(`${BASE}/${path}`)
          .set('If-Match', '"1"')
      ).status,
    ).toBe(404);
  });

  it('who may read only what they own neither sees nor guesses the rest', async () => {
    await create('mine', { owner: 'group:default/shop' });
    await create('theirs', { owner: 'group:default/pay' });
    await create('nobodys');
    hub.state.policy = (permission, user) => {
      if (user !== 'user:default/dev') return 'allow';
      return permission === 'gns.definition.create' ||
        permission === 'gns.rollout.approve'
        ? 'deny'
        : { ownedBy: ['group:default/shop'] };
    };
    const dev = as('dev');
    const list = await request(hub.server).get(BASE).set('Authorization', dev);
    expect(list.body.items).toHaveLength(1);

    for (const name of ['theirs', 'nobodys', 'missing']) {
      const url = `${BASE}/GlobalNamespace/${name}`;
      const answers = [
        await request(hub.server).get(url).set('Authorization', dev),
        await request(hub.server)
          .get(`${url}/revisions`)
          .set('Authorization', dev),
        await request(hub.server)
          .put(url)
          .set('Authorization', dev)
          .set('If-Match', '"7"')
          .send(gns(name)),
        await request(hub.server)
          .delete(url)
          .set('Authorization', dev)
          .set('If-Match', '"7"'),
      ];
      expect(answers.map(a => a.status)).toEqual([404, 404, 404, 404]);
      for (const answer of answers) {
        expect(answer.body.error.message).toBe(
          `There is no GlobalNamespace:${name}, or you may not read it`,
        );
      }
    }
    const own = await request(hub.server)
      .put(`${BASE}/GlobalNamespace/mine`)
      .set('Authorization', dev)
      .set('If-Match', '"1"')
      .send(gns('mine', { owner: 'group:default/shop', title: 'x' }));
    expect(own.status).toBe(200);
    expect(own.body.stored.updatedBy).toBe('user:default/dev');
    const created = await request(hub.server)
      .put(`${BASE}/GlobalNamespace/new`)
      .set('Authorization', dev)
      .set('If-None-Match', '*')
      .send(gns('new'));
    expect(created.status).toBe(403);
    assertDocumented('put', DEFINITION, created);
    const audit = await request(hub.server)
      .get('/api/gns/v1/audit')
      .set('Authorization', dev);
    expect(audit.status).toBe(403);
    assertDocumented('get', '/v1/audit', audit);
  });

  it('who creates under a taken name learns that it is taken, and nothing else', async () => {
    await create('theirs', { owner: 'group:default/pay' });
    hub.state.policy = permission =>
      permission === 'gns.definition.read'
        ? { ownedBy: ['group:default/shop'] }
        : 'allow';
    const answer = await create('theirs');
    expect(answer.status).toBe(412);
    expect(answer.body.error.message).toBe(
      'The name GlobalNamespace:theirs is taken. Choose another one.',
    );
  });

  it('who may read but not change gets 403, and may read the history after a deletion', async () => {
    await create('shop', { owner: 'group:default/shop' });
    hub.state.policy = (permission, user) =>
      user === 'user:default/visitor' && !permission.endsWith('.read')
        ? { ownedBy: [] }
        : 'allow';
    const visitor = as('visitor');
    const put = await request(hub.server)
      .put(SHOP)
      .set('Authorization', visitor)
      .set('If-Match', '"1"')
      .send(gns('shop'));
    expect(put.status).toBe(403);
    expect(put.body.error.message).toContain('group:default/shop');
    const removed = await request(hub.server)
      .delete(SHOP)
      .set('Authorization', visitor)
      .set('If-Match', '"1"');
    expect(removed.status).toBe(403);
    await request(hub.server).delete(SHOP).set('If-Match', '"1"');
    const history = await request(hub.server)
      .get(`${SHOP}/revisions`)
      .set('Authorization', visitor);
    expect(history.body.items).toHaveLength(2);
    hub.state.policy = () => 'deny';
    expect((await request(hub.server).get(`${SHOP}/revisions`)).status).toBe(
      404,
    );
    expect((await request(hub.server).get(BASE)).body).toEqual({ items: [] });
  });

  it('a caller without credentials gets nothing', async () => {
    await create('shop');
    const none = mockCredentials.none.header();
    for (const path of [BASE, SHOP, `${SHOP}/revisions`]) {
      const answer = await request(hub.server)
        .get(path)
        .set('Authorization', none);
      expect(answer.status).toBe(401);
    }
    for (const path of ['/api/gns/v1/audit', '/api/gns/openapi.json']) {
      const answer = await request(hub.server)
        .get(path)
        .set('Authorization', none);
      expect(answer.status).toBe(401);
    }
    const put = await request(hub.server)
      .put(SHOP)
      .set('Authorization', none)
      .set('If-Match', '"1"')
      .send(gns('shop', { title: 'x' }));
    expect(put.status).toBe(401);
    assertDocumented('put', DEFINITION, put);
  });

  it('while the hub takes no writes, nothing changes and the reason is told', async () => {
    await create('shop');
    hub.state.readOnly = 'The hub was restored from a backup: confirm first.';
    for (const answer of [
      await request(hub.server)
        .put(SHOP)
        .set('If-Match', '"1"')
        .send(gns('shop', { title: 'x' })),
      await request(hub.server).delete(SHOP).set('If-Match', '"1"'),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.body.error.message).toContain('confirm first');
    }
    expect((await request(hub.server).get(SHOP)).body.generation).toBe(1);
  });

  it('a service is named in the history', async () => {
    const answer = await create('shop').set(
      'Authorization',
      mockCredentials.service.header({
        onBehalfOf: mockCredentials.service('plugin:scaffolder'),
        targetPluginId: 'gns',
      }),
    );
    expect(answer.body.stored.updatedBy).toBe('service:plugin:scaffolder');
  });

  it('the permission framework can ask about one definition', async () => {
    await create('mine', { owner: 'group:default/shop' });
    await create('theirs', { owner: 'group:default/pay' });
    const ask = (resourceRef: string) => ({
      id: resourceRef,
      resourceRef,
      resourceType: 'gns-definition',
      conditions: definitionConditions.isDefinitionOwner({
        claims: ['group:default/shop'],
      }),
    });
    const answer = await request(hub.server)
      .post('/api/gns/.well-known/backstage/permissions/apply-conditions')
      .set('Authorization', mockCredentials.service.header())
      .send({
        items: ['mine', 'theirs', 'missing'].map(name =>
          ask(`GlobalNamespace:${name}`),
        ),
      });
    expect(answer.status).toBe(200);
    expect(answer.body.items.map((i: { result: string }) => i.result)).toEqual([
      'ALLOW',
      'DENY',
      'DENY',
    ]);
    const metadata = await request(hub.server)
      .get('/api/gns/.well-known/backstage/permissions/metadata')
      .set('Authorization', mockCredentials.service.header());
    expect(
      metadata.body.permissions.map((p: { name: string }) => p.name).sort(),
    ).toEqual(gnsPermissions.map(p => p.name).sort());
    expect(metadata.body.rules).toMatchObject([{ name: 'IS_OWNER' }]);
  });

  it('a history is read page by page', async () => {
    await create('shop');
    for (const generation of [1, 2]) {
      await request(hub.server)
        .put(SHOP)
        .set('If-Match', `"${generation}"`)
        .send(gns('shop', { title: `t${generation}` }));
    }
    const first = await request(hub.server).get(`${SHOP}/revisions?limit=2`);
    assertDocumented('get', `${DEFINITION}/revisions`, first);
    expect(first.body.items).toHaveLength(2);
    const second = await request(hub.server)
      .get(`${SHOP}/revisions`)
      .query({ limit: 2, cursor: first.body.nextCursor });
    assertDocumented('get', `${DEFINITION}/revisions`, second);
    expect(second.body.items).toMatchObject([{ action: 'create' }]);
    expect(second.body.nextCursor).toBeUndefined();
    const bad = await request(hub.server).get(`${SHOP}/revisions?cursor=x`);
    expect(bad.status).toBe(400);
  });

  it('the audit is listed page by page and by subject', async () => {
    await create('a');
    await create('b');
    await create('c');
    const first = await request(hub.server).get('/api/gns/v1/audit?limit=2');
    assertDocumented('get', '/v1/audit', first);
    expect(first.body.items.map((e: { subject: string }) => e.subject)).toEqual(
      ['GlobalNamespace:c', 'GlobalNamespace:b'],
    );
    const second = await request(hub.server)
      .get('/api/gns/v1/audit')
      .query({ limit: 2, cursor: first.body.nextCursor });
    expect(second.body).toMatchObject({
      items: [
        { id: 1, action: 'definition.create', actor: 'user:default/mock' },
      ],
    });
    expect(second.body.nextCursor).toBeUndefined();
    const one = await request(hub.server)
      .get('/api/gns/v1/audit')
      .query({ subject: 'GlobalNamespace:b' });
    expect(one.body.items).toHaveLength(1);
    expect(
      (await request(hub.server).get('/api/gns/v1/audit?cursor=eA')).status,
    ).toBe(400);
  });

  it('every request leaves an auditor event, also when it fails', async () => {
    const ref = 'GlobalNamespace:shop';
    await create('shop');
    await request(hub.server).put(SHOP).send(gns('shop'));
    await request(hub.server).delete(SHOP).set('If-Match', '"1"');
    await request(hub.server).get(SHOP);
    await request(hub.server).get(`${SHOP}/revisions`);
    await request(hub.server).get(BASE);
    await request(hub.server).get('/api/gns/v1/audit');
    expect(hub.events.map(e => [e.eventId, e.outcome, e.meta])).toEqual([
      [
        'definition-write',
        'success',
        { ref, result: 'created', generation: 1 },
      ],
      ['definition-write', 'PreconditionRequiredError', { ref }],
      ['definition-delete', 'success', { ref }],
      ['definition-fetch', 'NotFoundError', { queryType: 'by-name', ref }],
      ['definition-fetch', 'success', { queryType: 'revisions', ref }],
      ['definition-fetch', 'success', { queryType: 'list' }],
      ['audit-fetch', 'success', {}],
    ]);
  });
});
