import {
  MAX_DEFINITION_BYTES,
  REST_PATH,
  routes,
  type Route,
} from '@isthmus/plugin-gns-common';
import {
  componentSchemas,
  definitionInput,
  schemaOf,
  type JsonSchema,
} from './schemas';

const TAGS: Record<Route['tag'], string> = {
  definitions: 'What people, templates and GitOps write',
  plan: 'What a change would do',
  'global-namespaces': 'What became of it: status and topology',
  clusters: 'Member clusters',
  holds: 'What waits for a decision',
  rollouts: 'Changes on their way to the clusters',
  telemetry: 'Who calls whom, and how well',
  slos: 'What was promised, and whether it holds',
  authorities: 'Certificate authorities of global namespaces',
  hub: 'The hub itself',
};

const ERRORS: Record<number, string> = {
  400: 'The request cannot be read: a header, a query or the body',
  401: 'No or outdated credentials',
  403: 'You may see it, but not do this',
  404: 'There is none, or you may not see it',
  409: 'Something else is in the way; the message names it',
  412: 'If-Match or If-None-Match does not hold; the message tells the current generation',
  413: `The body is too large; ${MAX_DEFINITION_BYTES} bytes of a definition are read`,
  415: 'The body is neither JSON nor YAML',
  422: 'The document says something that cannot be; see error.problems',
  428: 'If-Match or If-None-Match is missing',
  503: 'The hub takes no changes now; the message tells why',
};

type Json = Record<string, unknown>;

function writesDefinition(route: Route): boolean {
  return route.tag === 'definitions' && route.method === 'put';
}

/** Which errors an operation can answer, beside 401 and 403. */
function errorsOf(route: Route): number[] {
  const errors = new Set([400, 401, 403]);
  // Who is asked about may be named in the query too.
  if (route.path.includes('{') || route.operationId === 'diagnose') {
    errors.add(404);
  }
  if (route.method !== 'get') errors.add(503);
  if (route.request) [413, 415].forEach(status => errors.add(status));
  if (route.method !== 'get' && route.tag !== 'plan') errors.add(409);
  const writes =
    route.tag === 'definitions' || route.operationId === 'createRollout';
  if (writes && route.method !== 'get') {
    [412, 422, 428].forEach(status => errors.add(status));
  }
  if (route.tag === 'rollouts' && route.method !== 'get') errors.add(428);
  return [...errors].sort((a, b) => a - b);
}

function parameters(route: Route): Json[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(route.query ?? {}).map(
    ([name, description]) => ({
      name,
      in: 'query',
      description,
      schema: { type: 'string' },
    }),
  );
  const inHeader = Object.entries(route.requestHeaders ?? {}).map(
    ([name, description]) => ({
      name,
      in: 'header',
      description,
      schema: { type: 'string' },
    }),
  );
  return [...inPath, ...inQuery, ...inHeader];
}

function requestBody(route: Route): Json {
  if (!route.request) return {};
  if (writesDefinition(route)) {
    const content = { schema: definitionInput() };
    return {
      requestBody: {
        required: true,
        content: {
          'application/json': content,
          'application/yaml': content,
        },
      },
    };
  }
  return {
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: schemaOf(route.request, 'input') },
      },
    },
  };
}

function answer(route: Route): Json {
  if (!route.response) return { description: route.summary };
  const isDefinition = /^(get|put)Definition/.test(route.operationId);
  return {
    description: route.summary,
    ...(isDefinition
      ? {
          headers: {
            ETag: {
              description: 'The generation, for If-Match',
              schema: { type: 'string' },
            },
          },
        }
      : {}),
    content: {
      'application/json': { schema: schemaOf(route.response, 'output') },
      ...(route.operationId.startsWith('getDefinition')
        ? { 'application/yaml': { schema: definitionInput() } }
        : {}),
    },
  };
}

function operation(route: Route): Json {
  return {
    operationId: route.operationId,
    summary: route.summary,
    description: `Permission: \`${route.permission}\``,
    tags: [route.tag],
    parameters: parameters(route),
    ...requestBody(route),
    responses: {
      [route.status]: answer(route),
      ...Object.fromEntries(
        errorsOf(route).map(status => [
          status,
          { $ref: `#/components/responses/${status}` },
        ]),
      ),
    },
  };
}

/** The OpenAPI 3.1 document of {@link routes}; paths start below the plugin's base URL. */
export function createOpenApiDocument(): JsonSchema {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `${REST_PATH}${route.path}`;
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Isthmus hub',
      version: 'v1',
      description:
        'Global namespaces for Istio: definitions, member clusters, holds and status.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/gns', description: 'The plugin in the portal' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({
      name,
      description,
    })),
    security: [{ backstage: [] }],
    paths,
    components: {
      schemas: componentSchemas(),
      responses: Object.fromEntries(
        Object.entries(ERRORS).map(([status, description]) => [
          status,
          {
            description,
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/Error' },
              },
            },
          },
        ]),
      ),
      securitySchemes: {
        backstage: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A Backstage user or service token',
        },
      },
    },
  };
}
