import type { Knex } from 'knex';
import request from 'supertest';
import { formatYaml } from '@isthmus/plugin-gns-common';
import {
  BAD_DEFINITIONS,
  head,
  json,
  other,
  yaml,
  type BadDefinition,
} from './__testUtils__/badDefinitions';
import {
  createTestDatabases,
  migratedDatabase,
} from './__testUtils__/databases';
import { databaseState } from './__testUtils__/databaseState';
import {
  exactly,
  SHOP,
  shopWith,
  type HubBackend,
} from './__testUtils__/hubBackend';
import { settledShop } from './__testUtils__/settledShop';
import type { FakeController } from './__testUtils__/FakeController';

jest.setTimeout(60_000);

const OTHER = '/definitions/GlobalNamespace/other';

const like = (wanted: string | RegExp) =>
  wanted instanceof RegExp ? expect.stringMatching(wanted) : wanted;

const databases = createTestDatabases();

describe.each(databases.eachSupportedId())('a bad definition on %s', id => {
  let knex: Knex;
  let hub: HubBackend;
  let eu: FakeController;
  let us: FakeController;
  let before: Awaited<ReturnType<typeof databaseState>>;

  /** Neither the rows nor what is delivered differ from before. */
  const expectNothingChanged = async () =>
    expect(await databaseState(knex)).toEqual(before);

  beforeAll(async () => {
    knex = await migratedDatabase(databases, id);
    ({ hub, eu, us, state: before } = await settledShop(knex));
  });
  afterAll(async () => {
    await hub.backend.stop();
    await knex.destroy();
  });

  const send = (body: BadDefinition['body'], path = OTHER) =>
    request(hub.base)
      .put(`/api/gns/v1${path}`)
      .set('If-None-Match', '*')
      .type(body.type)
      .send(body.text);

  it.each(Object.entries(BAD_DEFINITIONS))(
    'with %s is refused with path, value and remedy, and changes nothing',
    async (_what, { body, code, path, value }) => {
      const answer = await send(body);
      expect([answer.status, answer.body.error?.name]).toEqual([
        422,
        'InvalidDefinitionError',
      ]);
      const { message, problems } = answer.body.error;
      const found = problems.find((p: { code: string }) => p.code === code);
      expect(found ?? problems).toEqual({
        severity: 'error',
        code,
        path: like(path),
        value: value && like(value),
        message: expect.stringMatching(/\w/),
        remedy: expect.stringMatching(/\w/),
        definition: found?.definition,
      });
      // Who reads the message alone learns the same.
      for (const told of [found.path, found.value ?? '', found.remedy]) {
        expect(message).toContain(told);
      }
      await expectNothingChanged();
    },
  );

  it('of 1 MiB is refused, and changes nothing', async () => {
    const answer = await send(yaml(`${head}#${'x'.repeat(1024 * 1024)}`));
    expect(answer.status).toBe(413);
    expect(answer.body.error.message).toMatch(
      /The body has 10\d{5} bytes; at most 262144 .* Split it/,
    );
    await expectNothingChanged();
  });

  it.each([
    ['no precondition', {}, 428, /If-None-Match: \* to create.*If-Match/],
    ['a stale generation', { 'If-Match': '"9"' }, 412, /generation 1 by now/],
    ['a name that is taken', { 'If-None-Match': '*' }, 412, /exists already/],
    ['no generation at all', { 'If-Match': 'x' }, 400, /"x".*If-Match: "7"/],
  ])(
    'a write with %s changes nothing',
    async (_what, headers, status, remedy) => {
      const answer = await hub
        .put(SHOP, shopWith([exactly('eu-1', 'web')]))
        .set(headers);
      expect([answer.status, answer.body.error.message]).toEqual([
        status,
        expect.stringMatching(remedy),
      ]);
      await expectNothingChanged();
    },
  );

  it.each([
    ['no precondition', {}, 428, /send If-Match/],
    ['a stale generation', { 'If-Match': '"2"' }, 412, /generation 1 by now/],
  ])(
    'a deletion with %s changes nothing',
    async (_what, headers, status, remedy) => {
      const answer = await hub.delete(SHOP).set(headers);
      expect([answer.status, answer.body.error.message]).toEqual([
        status,
        expect.stringMatching(remedy),
      ]);
      await expectNothingChanged();
    },
  );

  it.each(['a%00b', '..%2fx', 'caf%C3%A9', 'a%E2%80%AEb', '%ff'])(
    'under the name %s changes nothing',
    async name => {
      const answer = await send(
        json(other()),
        `/definitions/GlobalNamespace/${name}`,
      );
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      await expectNothingChanged();
    },
  );

  it('is not the only text in which hidden characters are refused', async () => {
    for (const [path, body, field] of [
      ['/clusters', { name: 'ap-1', title: 'a\u0000b' }, 'body.title'],
      ['/clusters', { name: 'ap-1', labels: { a: '\u202e' } }, 'body.labels.a'],
      ['/holds/none/refuse', { reason: 'a\u200bb' }, 'body.reason'],
    ] as const) {
      const { status, body: answer } = await hub.post(path, body);
      expect([status, answer.error.message]).toEqual([
        400,
        expect.stringMatching(
          new RegExp(`^${field}: has control.* Found ".*\\\\u.*Correct`),
        ),
      ]);
    }
    await expectNothingChanged();
  });

  it('in a plan is told with the same problems, and changes nothing', async () => {
    const answer = await hub.post('/plan', {
      definitions: [other({ domain: 'shop.gns.internal' })],
    });
    expect(answer.body.problems).toContainEqual(
      expect.objectContaining({
        code: 'domain-taken',
        path: 'spec.domain',
        value: '"shop.gns.internal"',
      }),
    );
    await expectNothingChanged();
  });

  it('delivers nothing', async () => {
    expect([await eu.poll(1), await us.poll(1)]).toEqual([false, false]);
    await expectNothingChanged();
  });

  it('whose matchers match nothing is written, with a warning', async () => {
    const answer = await send(
      yaml(formatYaml(other({ members: [exactly('eu-9', 'web')] }))),
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      result: 'created',
      warnings: [
        {
          severity: 'warning',
          code: 'matches-nothing',
          path: 'spec.members[0].clusters',
          value: '{"names":["eu-9"]}',
          remedy: expect.stringMatching(/known clusters: .*eu-1/),
        },
      ],
    });
    const read = await hub.get(OTHER);
    expect([read.status, read.headers.etag]).toEqual([200, '"1"']);
    expect(await knex('gns_definitions')).toHaveLength(2);
  });

  it('whose public domain is confirmed is written', async () => {
    const { status } = await send(
      json({
        ...other({ domain: 'shop.co.uk', publicDomain: true }),
        metadata: { name: 'public' },
      }),
      '/definitions/GlobalNamespace/public',
    );
    expect(status).toBe(200);
  });
});
