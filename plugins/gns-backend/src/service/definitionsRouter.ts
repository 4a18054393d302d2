import type {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import express, { type Request, type Response } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  findKind,
  formatRef,
  refOf,
  type DefinitionRef,
  type WriteResult,
} from '@isthmus/plugin-gns-common';
import type { DatabaseDefinitionStore } from '../definitions/DatabaseDefinitionStore';
import { DefinitionAuthorizer } from '../definitions/DefinitionAuthorizer';
import type {
  DefinitionChecker,
  DefinitionListener,
} from '../definitions/DefinitionStore';
import { DefinitionWriter } from '../definitions/DefinitionWriter';
import { missingGlobalNamespace } from '../slo/checkObjectives';
import { actorOf } from './actorOf';
import { audited } from './audited';
import { createAuditRouter } from './auditRouter';
import {
  listDefinitionsQuerySchema,
  pageQuerySchema,
  readNumberCursor,
  readRef,
  readRefCursor,
} from './definitionRequests';
import { InvalidDefinitionError } from './errors';
import { withConflict } from './describeConflict';
import { createOpenApiRouter } from './openApiRouter';
import { formatCursor, pageOf } from './pageOf';
import { parseRequest } from './parseRequest';
import type { RolloutAnswers } from './RolloutAnswers';
import { readDefinitionBody } from './readDefinitionBody';
import { sendDefinition, toStored } from './sendDefinition';
import {
  formatETag,
  readGeneration,
  readMessage,
  readPlan,
  readPrecondition,
} from './writeHeaders';

export interface DefinitionsRouterOptions {
  store: DatabaseDefinitionStore;
  checker: DefinitionChecker;
  listener: DefinitionListener;
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  /** After {@link registerPermissions}. */
  permissionsRegistry: PermissionsRegistryService;
  auditor: AuditorService;
  logger: LoggerService;
  /** Tells losers of a race against a rollout about it. */
  answers?: Pick<RolloutAnswers, 'byId'>;
  /** Throws while the hub takes no writes (rule of restored hubs). */
  assertWritable?: () => Promise<void>;
}

/**
 * `/v1/definitions…`, `/v1/audit` and `/openapi.json`. Mount it before any
 * body parser: it reads definitions itself, JSON and YAML, up to 256 KiB.
 */
export function createDefinitionsRouter(
  options: DefinitionsRouterOptions,
): express.Router {
  const { store, httpAuth, auditor } = options;
  const authorizer = DefinitionAuthorizer.create(options);
  const writer = DefinitionWriter.create(options);
  const router = PromiseRouter();
  const credentialsOf = (request: Request) =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });
  const fetched = <T>(
    request: Request,
    meta: { queryType: string; ref?: string },
    work: () => Promise<T>,
  ) =>
    audited(
      auditor,
      {
        eventId: 'definition-fetch',
        request,
        severityLevel: 'low',
        meta,
      },
      work,
    );

  const list = async (request: Request, response: Response) => {
    const credentials = await credentialsOf(request);
    const query = parseRequest(
      listDefinitionsQuerySchema,
      request.query,
      'query',
    );
    const after = readRefCursor(query.cursor);
    const found = await fetched(request, { queryType: 'list' }, async () => {
      const readable = await authorizer.readable(credentials);
      return readable.type === 'none'
        ? []
        : await store.list({
            kind: query.kind,
            gns: query.gns,
            after,
            limit: query.limit + 1,
            ...(readable.type === 'matching'
              ? { matching: readable.criteria }
              : {}),
          });
    });
    response.json(
      pageOf(found, query.limit, {
        keyOf: ({ definition }) => formatRef(refOf(definition)),
        show: toStored,
      }),
    );
  };

  const get = async (request: Request, response: Response) => {
    const credentials = await credentialsOf(request);
    const ref = readRef(request.params);
    const record = await fetched(
      request,
      { queryType: 'by-name', ref: formatRef(ref) },
      async () =>
        authorizer.require(credentials, 'read', ref, await store.get(ref)),
    );
    sendDefinition(request, response, record);
  };

  /** Who may not see a global namespace adds nothing to it; that it is absent, the checker says. */
  const requireGlobalNamespace = async (
    credentials: BackstageCredentials,
    { gns }: DefinitionRef,
  ) => {
    if (gns === undefined) return;
    const owner = await store.get({ kind: 'GlobalNamespace', name: gns });
    const mayRead = await authorizer.readablePredicate(credentials);
    if (owner && !mayRead(owner.definition)) {
      throw InvalidDefinitionError.of([missingGlobalNamespace(gns)]);
    }
  };

  const put = async (request: Request, response: Response) => {
    const credentials = await credentialsOf(request);
    const ref = readRef(request.params);
    const answer = await audited(
      auditor,
      {
        eventId: 'definition-write',
        request,
        severityLevel: 'medium',
        meta: { ref: formatRef(ref) },
      },
      async learned => {
        const precondition = readPrecondition(request);
        const context = {
          actor: actorOf(credentials),
          message: readMessage(request),
          plan: readPlan(request),
        };
        await requireGlobalNamespace(credentials, ref);
        if (precondition.type === 'absent') {
          await authorizer.requireCreate(credentials, ref);
          await authorizer.refuseHiddenName(
            credentials,
            ref,
            await store.get(ref),
          );
        } else {
          await authorizer.require(
            credentials,
            'update',
            ref,
            await store.get(ref),
          );
        }
        await options.assertWritable?.();
        const document = await readDefinitionBody(request, response);
        const written = await withConflict(
          { ...options, credentials },
          ref,
          precondition,
          () => writer.put(ref, document, precondition, context),
        );
        learned.result = written.result;
        learned.generation = written.record.generation;
        return written;
      },
    );
    response.set('ETag', formatETag(answer.record.generation)).json({
      result: answer.result,
      stored: toStored(answer.record),
      warnings: answer.warnings,
    } satisfies WriteResult);
  };

  const remove = async (request: Request, response: Response) => {
    const credentials = await credentialsOf(request);
    const ref = readRef(request.params);
    const { warnings } = await audited(
      auditor,
      {
        eventId: 'definition-delete',
        request,
        severityLevel: 'high',
        meta: { ref: formatRef(ref) },
      },
      async () => {
        const generation = readGeneration(request);
        const context = {
          actor: actorOf(credentials),
          message: readMessage(request),
          plan: readPlan(request),
        };
        await authorizer.require(
          credentials,
          'delete',
          ref,
          await store.get(ref),
        );
        await options.assertWritable?.();
        return withConflict(
          { ...options, credentials },
          ref,
          { type: 'generation', generation },
          () => writer.delete(ref, generation, context),
        );
      },
    );
    response.json({ result: 'deleted', warnings } satisfies WriteResult);
  };

  const revisions = async (request: Request, response: Response) => {
    const credentials = await credentialsOf(request);
    const ref = readRef(request.params);
    const { cursor, limit } = parseRequest(
      pageQuerySchema,
      request.query,
      'query',
    );
    const before = readNumberCursor(cursor);
    const { items, intact, more } = await fetched(
      request,
      { queryType: 'revisions', ref: formatRef(ref) },
      async () => {
        // After a deletion, who could read its last state can read its history.
        const definition = await store.lastState(ref);
        await authorizer.require(
          credentials,
          'read',
          ref,
          definition && { definition },
        );
        return store.revisions(ref, { before, limit });
      },
    );
    const last = items.at(-1);
    response.json({
      items,
      intact,
      ...(more && last
        ? { nextCursor: formatCursor(String(last.generation)) }
        : {}),
    });
  };

  router.get('/v1/definitions', list);
  router.get(
    '/v1/definitions/:kind/:name/revisions',
    // `revisions` may also be the name of a definition of a global namespace.
    async (request, _response) =>
      findKind(request.params.kind)?.scope === 'gns' ? 'route' : 'next',
    revisions,
  );
  router.get('/v1/definitions/:kind/:gns/:name/revisions', revisions);
  for (const path of [
    '/v1/definitions/:kind/:name',
    '/v1/definitions/:kind/:gns/:name',
  ]) {
    router.get(path, get);
    router.put(path, put);
    router.delete(path, remove);
  }
  router.use(createAuditRouter(options));
  router.use(createOpenApiRouter(options));
  return router;
}
