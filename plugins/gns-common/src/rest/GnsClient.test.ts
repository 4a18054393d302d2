import { ResponseError } from '@backstage/errors';
import { GnsClient } from './GnsClient';
import { problemsOfError } from './problemsOfError';
import { routes } from './routes';
import type { StoredDefinition } from './schemas';

const STORED: StoredDefinition = {
  generation: 7,
  createdAt: '2026-11-01T10:00:00.000Z',
  updatedAt: '2026-11-01T10:00:00.000Z',
  updatedBy: 'user:default/jo',
  definition: {
    apiVersion: 'gns.isthmus.dev/v1',
    kind: 'GlobalNamespace',
    metadata: { name: 'shop' },
    spec: {},
  },
};
const HOLD = {
  id: 'h/1',
  kind: 'deletion',
  state: 'released',
  message: 'm',
  items: [],
  createdAt: '2026-11-01T10:00:00.000Z',
};
const TOKEN = {
  cluster: 'eu-1',
  token: 't',
  expiresAt: '2026-11-01T10:00:00.000Z',
  hubUrl: 'http://hub',
  helm: '',
  manifest: '',
};
const WRITTEN = { result: 'updated', stored: STORED, warnings: [] };
const PLAN = {
  hash: 'h',
  problems: [],
  summary: {
    servicesJoin: [],
    servicesLeave: [],
    namespacesJoin: [],
    namespacesLeave: [],
  },
  clusters: [],
  text: 'Nothing changes',
  totals: {
    servicesJoin: 0,
    servicesLeave: 0,
    callersGain: 0,
    callersLose: 0,
    podsToRestart: 0,
    objectsCreate: 0,
    objectsUpdate: 0,
    objectsDelete: 0,
    crossClusterShare: null,
  },
  statements: [],
  waves: [],
};

/** A client whose hub answers `status` and `body`, and what was sent to it. */
function clientOf(status: number, body?: unknown) {
  const sent: Array<{
    url: string;
    method: string;
    headers: Record<string, string>;
    body: unknown;
  }> = [];
  const client = new GnsClient({
    discoveryApi: { getBaseUrl: async id => `http://portal/api/${id}` },
    fetchApi: {
      fetch: async (url, init) => {
        sent.push({
          url: url.replace('http://portal', ''),
          method: init?.method ?? '',
          headers: Object.fromEntries(new Headers(init?.headers)),
          body:
            typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
        });
        return new Response(body === undefined ? null : JSON.stringify(body), {
          status,
          headers: { 'content-type': 'application/json' },
        });
      },
    },
  });
  return { client, sent };
}

describe('GnsClient', () => {
  it.each<[string, unknown, (c: GnsClient) => Promise<unknown>, string]>([
    [
      'listGlobalNamespaces',
      { items: [] },
      c => c.listGlobalNamespaces(),
      'GET /v1/global-namespaces',
    ],
    ['listClusters', { items: [] }, c => c.listClusters(), 'GET /v1/clusters'],
    [
      'listHolds',
      { items: [] },
      c => c.listHolds(),
      'GET /v1/holds?state=open',
    ],
    [
      'all holds',
      { items: [] },
      c => c.listHolds({ state: 'all' }),
      'GET /v1/holds?state=all',
    ],
    [
      'listDefinitions',
      { items: [] },
      c => c.listDefinitions({ kind: 'A', cursor: undefined }),
      'GET /v1/definitions?kind=A',
    ],
    [
      'getDefinition',
      STORED,
      c => c.getDefinition({ kind: 'GlobalNamespace', name: 'shop' }),
      'GET /v1/definitions/GlobalNamespace/shop',
    ],
    [
      'getDefinition of a gns',
      STORED,
      c => c.getDefinition({ kind: 'TrafficRoute', gns: 'shop', name: 'a/b' }),
      'GET /v1/definitions/TrafficRoute/shop/a%2Fb',
    ],
    [
      'listRevisions',
      { items: [], intact: true },
      c => c.listRevisions({ kind: 'GlobalNamespace', name: 'shop' }),
      'GET /v1/definitions/GlobalNamespace/shop/revisions',
    ],
    [
      'plan',
      PLAN,
      c => c.plan({ deletions: ['GlobalNamespace:shop'] }),
      'POST /v1/plan',
    ],
    [
      'createCluster',
      TOKEN,
      c => c.createCluster({ name: 'eu-1' }),
      'POST /v1/clusters',
    ],
    [
      'renewToken',
      TOKEN,
      c => c.renewToken('../x'),
      'POST /v1/clusters/..%2Fx/token',
    ],
    [
      'deleteCluster',
      undefined,
      c => c.deleteCluster('eu-1'),
      'DELETE /v1/clusters/eu-1',
    ],
    [
      'deleteCluster by force',
      undefined,
      c => c.deleteCluster('eu-1', { force: true }),
      'DELETE /v1/clusters/eu-1?force=true',
    ],
    [
      'pause a cluster',
      undefined,
      c => c.setPaused({ cluster: 'eu-1' }, true),
      'POST /v1/clusters/eu-1/pause',
    ],
    [
      'resume a gns',
      undefined,
      c => c.setPaused({ gns: 'shop' }, false),
      'POST /v1/global-namespaces/shop/resume',
    ],
    [
      'decideHold',
      HOLD,
      c => c.decideHold('h/1', 'release', 'ok'),
      'POST /v1/holds/h%2F1/release',
    ],
  ])('%s calls its route', async (_name, body, call, expected) => {
    const { client, sent } = clientOf(200, body);
    await call(client);
    expect(sent.map(s => `${s.method} ${s.url}`)).toEqual([
      expected.replace(' /', ' /api/gns/'),
    ]);
    const path = expected.split(' ')[1].split('?')[0].replace('/v1', '');
    const method = expected.split(' ')[0].toLowerCase();
    const known = routes.some(
      route =>
        route.method === method &&
        new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
    );
    expect({ expected, known }).toEqual({ expected, known: true });
  });

  it('a replacement sends the generation, a creation sends none', async () => {
    const { client, sent } = clientOf(200, WRITTEN);
    await client.putDefinition(STORED.definition, {
      ifMatch: 7,
      plan: 'p',
      message: 'はじめ',
    });
    await client.putDefinition(STORED.definition, {});
    await client.deleteDefinition(
      { kind: 'GlobalNamespace', name: 'shop' },
      { ifMatch: 7 },
    );
    expect(sent[0]).toMatchObject({
      method: 'PUT',
      url: '/api/gns/v1/definitions/GlobalNamespace/shop',
      headers: {
        'if-match': '"7"',
        'gns-plan': 'p',
        'gns-message': encodeURIComponent('はじめ'),
        'content-type': 'application/json',
      },
      body: STORED.definition,
    });
    expect(sent[1].headers).toMatchObject({ 'if-none-match': '*' });
    expect(sent[1].headers).not.toHaveProperty('if-match');
    expect(sent[2]).toMatchObject({
      method: 'DELETE',
      headers: { 'if-match': '"7"' },
    });
    expect(sent[2].headers).not.toHaveProperty('content-type');
  });

  it('an answer of another shape is an error, not a page of undefined', async () => {
    const { client } = clientOf(200, { items: [{ nope: 1 }] });
    await expect(client.listClusters()).rejects.toThrow(/items/);
  });

  it('a refusal carries its problems to the page', async () => {
    const problem = {
      severity: 'error',
      code: 'domain-taken',
      path: 'spec.domain',
      message: 'The domain is taken.',
      remedy: 'Choose another.',
    };
    const { client } = clientOf(422, {
      error: {
        name: 'InvalidDefinitionError',
        message: 'm',
        problems: [problem, { from: 'the future' }],
      },
      request: { method: 'PUT', url: '/' },
      response: { statusCode: 422 },
    });
    const error: unknown = await client
      .putDefinition(STORED.definition, { ifMatch: 1 })
      .catch(e => e);
    expect(error).toBeInstanceOf(ResponseError);
    expect(error).toMatchObject({ statusCode: 422 });
    expect(problemsOfError(error)).toEqual([problem]);
  });

  it('other errors have no problems', async () => {
    const { client } = clientOf(404, {
      error: { name: 'NotFoundError', message: 'There is no x.' },
      response: { statusCode: 404 },
    });
    const error: unknown = await client.getTopology('x').catch(e => e);
    // What the hub said, not that a request failed.
    expect(error).toMatchObject({ statusCode: 404, message: 'There is no x.' });
    expect(problemsOfError(error)).toEqual([]);
    expect(problemsOfError(undefined)).toEqual([]);
    expect(problemsOfError(new Error('x'))).toEqual([]);
  });
});

describe('the contract', () => {
  it('every route has its own operation and a permission that exists', async () => {
    const { gnsPermissions } = await import('../permissions');
    const ids = routes.map(route => route.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const names = gnsPermissions.map(permission => permission.name);
    for (const route of routes) expect(names).toContain(route.permission);
  });
});
