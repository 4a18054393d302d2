import { mockServices } from '@backstage/backend-test-utils';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { getIntrospectionQuery } from 'graphql';
import request from 'supertest';
import {
  createGraphqlRouter,
  GRAPHQL_PATH,
  MAX_BODY,
} from './createGraphqlRouter';

jest.setTimeout(30_000);

/** The route without a hub behind it: what is refused may not reach one. */
function app() {
  const logger = mockServices.logger.mock();
  const touched = jest.fn();
  const hub = new Proxy(
    { logger, httpAuth: mockServices.httpAuth() },
    {
      get(target: Record<string | symbol, unknown>, name) {
        if (!(name in target)) touched(name);
        return target[name];
      },
    },
  );
  const server = express();
  server.use(
    createGraphqlRouter({ hub } as unknown as Parameters<
      typeof createGraphqlRouter
    >[0]),
  );
  const ask = (body: unknown) =>
    request(server)
      .post(GRAPHQL_PATH)
      .set('content-type', 'application/json')
      .send(JSON.stringify(body));
  return { server, ask, touched, logger };
}

/** `{ a { a { a` over fields that lead back to themselves. */
function nested(levels: number): string {
  let inner = 'id';
  for (let i = 0; i < levels; i += 1) {
    inner = `source { series { series { points { known } } } } source { ${inner} }`;
  }
  return `{ globalNamespace(name: "shop") { topology { edges { edges { node { ${inner} } } } } } }`;
}

describe('hostile questions', () => {
  it.each<[string, string, object]>([
    [
      'hundreds of aliases of one field',
      `{ ${Array.from(
        { length: 150 },
        (_, i) => `a${i}: globalNamespace(name: "shop") { name }`,
      ).join(' ')} }`,
      { code: 'TOO_MANY_ALIASES' },
    ],
    [
      'pages within pages',
      '{ globalNamespaces(first: 1000) { edges { node { services(first: 1000) { edges { node { name host } } } } } } }',
      { code: 'TOO_COSTLY' },
    ],
    [
      'the same through variables',
      'query ($n: Int = 1000) { globalNamespaces(first: $n) { edges { node { services(first: $n) { edges { node { name } } } } } } }',
      { code: 'TOO_COSTLY' },
    ],
    [
      'a picture of every global namespace',
      '{ globalNamespaces { edges { node { topology { hidden { nodes } } } } } }',
      { code: 'TOO_COSTLY' },
    ],
    [
      'more points than a person can look at',
      '{ globalNamespace(name: "shop") { services(first: 100) { nodes { series(range: 604800, step: 900) { series { points { requests } } } } } } }',
      { code: 'TOO_MANY_POINTS' },
    ],
    [
      'pages that are too long',
      '{ globalNamespaces(first: 100000) { nodes { name } } }',
      { code: 'INPUT' },
    ],
    [
      'pages of less than nothing',
      '{ globalNamespaces(first: -1) { nodes { name } } }',
      { code: 'INPUT' },
    ],
    [
      'a step that is none',
      '{ globalNamespace(name: "shop") { service(name: "stock") { series(step: 1) { stepSeconds } } } }',
      { code: 'INPUT' },
    ],
  ])('refuses %s', async (_, query, extensions) => {
    const { ask, touched } = app();
    const { body } = await ask({ query });
    expect(body.errors).toMatchObject([{ extensions }]);
    expect(body.errors[0].message).toMatch(/at most|is none|is not between/);
    expect(body.data ?? null).toBeNull();
    expect(touched).not.toHaveBeenCalled();
  });

  it('refuses fragments that double at each level, in no time', async () => {
    const { ask, touched } = app();
    const levels = 50;
    const fragments = Array.from(
      { length: levels },
      (_, i) =>
        `fragment f${i} on GlobalNamespace { service(name: "s") { slos { detail { spec } } } ${
          i + 1 < levels ? `...f${i + 1} ...f${i + 1}` : 'name'
        } }`,
    );
    const query = `{ globalNamespaces(first: 1000) { nodes { ...f0 ...f0 } } } ${fragments.join(
      ' ',
    )}`;
    const { body } = await ask({ query });
    expect(body.errors).toMatchObject([{ extensions: { code: 'TOO_COSTLY' } }]);
    expect(touched).not.toHaveBeenCalled();
  });

  it('refuses fragments in a circle', async () => {
    const { ask } = app();
    const { body } = await ask({
      query:
        '{ globalNamespaces { nodes { ...a } } } fragment a on GlobalNamespace { ...b } fragment b on GlobalNamespace { ...a }',
    });
    expect(body.errors[0].message).toContain('Cannot spread fragment "a"');
  });

  it.each([
    ['objects', `${'{ a '.repeat(3000)}${'}'.repeat(3000)}`],
    ['lists', `{ slos(owners: ${'['.repeat(20_000)}`],
    [
      'inline fragments',
      `${'{ ... '.repeat(1500)} { name } ${'}'.repeat(1500)}`,
    ],
    ['text', `{ ${'name '.repeat(10_000)} }`],
  ])('refuses %s without end', async (_, query) => {
    const { ask, touched, logger } = app();
    const { body } = await ask({ query });
    expect(body.errors[0].message).toMatch(/tokens|nested too deeply/);
    expect(touched).not.toHaveBeenCalled();
    expect(logger.error).not.toHaveBeenCalled();
  });

  it('survives nesting that is just below the limit of words', async () => {
    const { ask } = app();
    for (const query of [
      `{ slos(owners: ${'['.repeat(900)}"a"${']'.repeat(
        900,
      )}) { totalCount } }`,
      `${'{ ... '.repeat(600)}{ __typename }${'}'.repeat(600)}`,
      nested(40),
    ]) {
      const { status, body } = await ask({ query });
      expect(status).toBeLessThan(500);
      expect(body.errors?.[0].extensions.code).not.toBe('INTERNAL');
    }
  });

  it('answers the introspection of tools, and no endless one', async () => {
    const { ask } = app();
    const answer = await ask({ query: getIntrospectionQuery() });
    expect(answer.body.errors).toBeUndefined();
    expect(answer.body.data.__schema.queryType.name).toBe('Query');
    let inner = 'name';
    for (let i = 0; i < 8; i += 1) inner = `fields { type { ${inner} } }`;
    const { body } = await ask({
      query: `{ __schema { types { ${inner} } } }`,
    });
    expect(body.errors[0].message).toContain('Maximum introspection depth');
  });

  it('refuses bodies that are too large, also when they were small on the wire', async () => {
    const { server, ask } = app();
    const { status } = await ask({ query: ' '.repeat(MAX_BODY) });
    expect(status).toBe(413);
    const bomb = await request(server)
      .post(GRAPHQL_PATH)
      .set('content-type', 'application/json')
      .set('content-encoding', 'gzip')
      .serialize(bytes => bytes)
      .send(gzipSync(JSON.stringify({ query: ' '.repeat(20_000_000) })));
    expect(bomb.status).toBe(413);
  });

  it.each<[string, unknown]>([
    ['a batch', [{ query: '{ __typename }' }, { query: '{ __typename }' }]],
    ['nothing', {}],
    ['a number', 7],
    ['a query that is none', { query: { $gt: '' } }],
    ['variables that are none', { query: '{ __typename }', variables: 'x' }],
    ['a mutation', { query: 'mutation { a }' }],
    ['a subscription', { query: 'subscription { a }' }],
    [
      'two operations and no name',
      { query: 'query a { __typename } query b { __typename }' },
    ],
  ])('refuses %s', async (_, sent) => {
    const { ask, touched } = app();
    const { status, body } = await ask(sent);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    expect(body.errors.length).toBeGreaterThan(0);
    expect(body.data ?? null).toBeNull();
    expect(touched).not.toHaveBeenCalled();
  });

  it('answers no GET: a link may not ask', async () => {
    const { server } = app();
    const { status } = await request(server).get(
      `${GRAPHQL_PATH}?query={__typename}`,
    );
    expect(status).toBe(404);
  });

  it('keeps what went wrong inside to itself', async () => {
    const { ask, logger } = app();
    const { body } = await ask({
      query: '{ globalNamespaces(first: 2) { totalCount } }',
    });
    expect(body.errors).toMatchObject([
      {
        message:
          'This could not be computed. The backend log of the plugin gns says why',
        extensions: { code: 'INTERNAL' },
      },
    ]);
    expect(logger.error).toHaveBeenCalled();
  });
});
