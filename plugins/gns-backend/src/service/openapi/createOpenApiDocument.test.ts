import { Validator } from '@seriousme/openapi-schema-validator';
import express from 'express';
import PromiseRouter from 'express-promise-router';
import { REST_PATH, routes, supportedKinds } from '@isthmus/plugin-gns-common';
import {
  createTestDatabases,
  migratedDatabase,
} from '../../__testUtils__/databases';
import { startDefinitionsBackend } from '../../__testUtils__/definitionsBackend';
import { createOpenApiDocument } from './createOpenApiDocument';
import { documentedRoutes, listRoutes } from './listRoutes';

const databases = createTestDatabases();

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(createOpenApiDocument());
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  it('survives JSON as it is', () => {
    const document = createOpenApiDocument();
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('names every operation of the contract once', () => {
    const { paths } = createOpenApiDocument() as {
      paths: Record<string, Record<string, { operationId: string }>>;
    };
    const ids = Object.values(paths)
      .flatMap(path => Object.values(path))
      .map(operation => operation.operationId);
    expect(ids.sort()).toEqual(routes.map(route => route.operationId).sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refers only to what it contains', () => {
    const document = createOpenApiDocument();
    const text = JSON.stringify(document);
    const refs = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(m => m[1]);
    expect(refs.length).toBeGreaterThan(50);
    for (const ref of refs) {
      const found = ref
        .split('/')
        .reduce<unknown>(
          (at, key) => (at as Record<string, unknown> | undefined)?.[key],
          document,
        );
      expect({ ref, found: typeof found }).toEqual({ ref, found: 'object' });
    }
  });

  it('describes every supported kind as it is sent, defaults left out', () => {
    const { components } = createOpenApiDocument() as {
      components: {
        schemas: Record<
          string,
          {
            properties: {
              spec: { required: string[]; additionalProperties: boolean };
            };
          }
        >;
      };
    };
    for (const { kind } of supportedKinds()) {
      expect(components.schemas[kind].properties.spec).toMatchObject({
        additionalProperties: false,
      });
    }
    expect(components.schemas.GlobalNamespace.properties.spec.required).toEqual(
      ['domain'],
    );
  });
});

describe('listRoutes', () => {
  it('the router of definitions serves exactly its part of the contract', async () => {
    const knex = await migratedDatabase(databases, 'SQLITE_3');
    const { backend, router } = await startDefinitionsBackend({ knex });
    const mine = (route: string) =>
      route.includes(` ${REST_PATH}/definitions`) ||
      route.endsWith(` ${REST_PATH}/audit`);
    const served = listRoutes(router);
    await backend.stop();
    await knex.destroy();
    expect(served.filter(route => !mine(route))).toEqual(['get /openapi.json']);
    expect(served.filter(mine)).toEqual(documentedRoutes().filter(mine));
  });

  it('finds routes of routers within routers', () => {
    const inner = PromiseRouter();
    inner.get('/things/:id', () => {});
    inner.post('/things', () => {});
    const middle = express.Router();
    middle.use('/deep-er', inner);
    middle.get('/own', () => {});
    const outer = express.Router();
    outer.use(express.json());
    outer.use('/v1/x', middle);
    outer.use(inner);
    expect(listRoutes(outer)).toEqual([
      'get /things/{id}',
      'get /v1/x/deep-er/things/{id}',
      'get /v1/x/own',
      'post /things',
      'post /v1/x/deep-er/things',
    ]);
  });

  it('refuses what it cannot read', () => {
    const outer = express.Router();
    outer.use(/.*x/, express.Router());
    expect(() => listRoutes(outer)).toThrow(/fixed paths only/);
  });
});
