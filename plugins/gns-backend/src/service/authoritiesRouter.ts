import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import type { BasicPermission } from '@backstage/plugin-permission-common';
import type { Request, Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  exportRequestSchema,
  gnsAuthorityExportPermission,
  gnsAuthorityImportPermission,
  gnsAuthorityReadPermission,
  gnsAuthorityRotatePermission,
  gnsClusterReadPermission,
  importRequestSchema,
  REST_PATH,
  revokeRequestSchema,
  rotationActionSchema,
  rotationRequestSchema,
  transitionRequestSchema,
  type GlobalNamespace,
} from '@isthmus/plugin-gns-common';
import { z } from 'zod';
import { keyProtectionOf } from '../authority/answers/keyProtection';
import type { AuthorityDesk } from '../authority/AuthorityDesk';
import type { AuthorityHub } from '../authority/AuthorityHub';
import { notFound, type Act } from '../authority/RotationService';
import { bundleRoots } from '../authority/store/authorityRows';
import { listIssuances } from '../authority/store/listIssuances';
import { leafTtlSecondsOf } from '../authority/transition/leafTtl';
import { actorOf } from './actorOf';
import { AuthorityReaders } from './AuthorityReaders';
import { audited } from './audited';
import { readClusterFacts } from './clusterAnswers';
import type { HubContext } from './HubContext';
import { pageOf, readCursor } from './pageOf';
import { parseRequest } from './parseRequest';
import { readJsonBody } from './readJsonBody';
import { requirePermission } from './requirePermission';

const MAX_BODY = 64 * 1024;
const MAX_IMPORT = 256 * 1024;
const BASE = `${REST_PATH}/global-namespaces/:name/authority`;

const issuancesQuerySchema = z.strictObject({
  search: z.string().max(300).optional(),
  cluster: z.string().max(253).optional(),
  state: z.enum(['all', 'valid', 'expiring']).default('all'),
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

const cursorSchema = z.tuple([
  z.string().max(64),
  z.string().max(128),
  z.string().max(64),
]);

function beforeOf(cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  try {
    const [issuedAt, clusterId, serial] = cursorSchema.parse(
      JSON.parse(readCursor(cursor)),
    );
    return { issuedAt, clusterId, serial };
  } catch {
    throw new InputError(
      'query.cursor: is none of ours. Take it from nextCursor of the answer before.',
    );
  }
}

export interface AuthoritiesRouterOptions {
  readonly hub: HubContext;
  readonly authorities: AuthorityHub;
  readonly desk: AuthorityDesk;
  /** Throws while the hub takes no writes. */
  readonly assertWritable: () => Promise<void>;
}

/** `/v1/…/authority`: certificate authorities of global namespaces. */
export function createAuthoritiesRouter(
  options: AuthoritiesRouterOptions,
): Router {
  const { hub, authorities, desk } = options;
  const router = PromiseRouter();

  const credentialsOf = async (
    request: Request,
    ...permissions: BasicPermission[]
  ): Promise<BackstageCredentials> => {
    const credentials = await hub.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    for (const permission of permissions) {
      await requirePermission(hub.permissions, permission, credentials);
    }
    return credentials;
  };

  const readers = new AuthorityReaders({ hub, store: authorities.store });
  const readable = async (
    request: Request,
    credentials: BackstageCredentials,
  ): Promise<{ gns: string; definition: GlobalNamespace | undefined }> => {
    const { name } = request.params;
    const found = await readers.require(credentials, name);
    return {
      gns: name,
      definition: found as unknown as GlobalNamespace | undefined,
    };
  };

  /** A change of one authority: permission, audit, and the state after it as the answer. */
  const change = async <T extends { reason: string }>(
    request: Request,
    response: Response,
    how: {
      permission: BasicPermission;
      schema: z.ZodType<T>;
      action: string;
      limit?: number;
      severity?: 'high' | 'critical';
    },
    work: (
      gns: string,
      body: T,
      act: Act,
      definition: GlobalNamespace | undefined,
    ) => Promise<void>,
  ) => {
    const credentials = await credentialsOf(
      request,
      gnsAuthorityReadPermission,
      how.permission,
    );
    const { gns, definition } = await readable(request, credentials);
    const body = parseRequest(
      how.schema,
      await readJsonBody(request, response, how.limit ?? MAX_BODY),
      'body',
    );
    await audited(
      hub.auditor,
      {
        eventId: 'authority-mutate',
        request,
        severityLevel: how.severity ?? 'high',
        // Never the body: it may hold a key.
        meta: { actionType: how.action, gns },
      },
      async () => {
        await options.assertWritable();
        const act = {
          actor: actorOf(credentials),
          message: body.reason,
          byHand: true,
        };
        await work(gns, body, act, definition);
      },
    );
    hub.reconcile();
    hub.signal('authorities', gns);
    authorities.keeper.trigger();
    response.json(await desk.get(gns));
  };

  router.get(`${REST_PATH}/authority`, async (request, response) => {
    await credentialsOf(request, gnsAuthorityReadPermission);
    response.json(
      await keyProtectionOf(
        authorities.vault,
        await authorities.store.list(),
        authorities.keeper.rewrap,
      ),
    );
  });

  router.get(`${REST_PATH}/authorities`, async (request, response) => {
    const credentials = await credentialsOf(
      request,
      gnsAuthorityReadPermission,
    );
    const items = await desk.list(await readers.readable(credentials));
    response.json({ items });
  });

  router.get(BASE, async (request, response) => {
    const credentials = await credentialsOf(
      request,
      gnsAuthorityReadPermission,
    );
    const { gns } = await readable(request, credentials);
    response.json(await desk.get(gns));
  });

  router.get(`${BASE}/bundle`, async (request, response) => {
    const credentials = await credentialsOf(
      request,
      gnsAuthorityReadPermission,
    );
    const { gns } = await readable(request, credentials);
    const authority = await authorities.store.read(gns);
    if (!authority) throw notFound(gns);
    const roots = bundleRoots(authority.roots);
    const pem = roots.map(r => r.certificate).join('');
    if (request.accepts(['json', 'application/x-pem-file']) !== 'json') {
      response.setHeader('content-type', 'application/x-pem-file');
      response.setHeader(
        'content-disposition',
        `attachment; filename="${gns}-trust-bundle.pem"`,
      );
      response.send(pem);
      return;
    }
    response.json({
      gns,
      epoch: authority.bundleEpoch,
      rootKeyIds: roots.map(r => r.keyId),
      pem,
    });
  });

  router.get(`${BASE}/issuances`, async (request, response) => {
    const credentials = await credentialsOf(
      request,
      gnsAuthorityReadPermission,
    );
    const { gns } = await readable(request, credentials);
    const query = parseRequest(issuancesQuerySchema, request.query, 'query');
    const found = await listIssuances(
      hub.knex,
      gns,
      { ...query, before: beforeOf(query.cursor) },
      hub.now(),
    );
    response.json(
      pageOf(found, query.limit, {
        keyOf: ({ cursor }) =>
          JSON.stringify([cursor.issuedAt, cursor.clusterId, cursor.serial]),
        show: ({ issuance }) => issuance,
      }),
    );
  });

  for (const action of rotationActionSchema.options) {
    router.post(`${BASE}/rotation/${action}`, (request, response) =>
      change(
        request,
        response,
        {
          permission: gnsAuthorityRotatePermission,
          schema: rotationRequestSchema,
          action: `rotation-${action}`,
        },
        async (gns, { force }, act) => {
          const { actions } = (await desk.get(gns)).rotation;
          const allowance = actions[action];
          const refused =
            allowance.state === 'impossible' ||
            (allowance.state === 'unproven' && !force);
          if (refused) {
            throw new ConflictError(
              allowance.state === 'unproven'
                ? `${allowance.message} Send force: true to do it all the same.`
                : allowance.message,
            );
          }
          await authorities.rotations.take(gns, action, act);
        },
      ),
    );
  }

  router.post(`${BASE}/transition`, (request, response) =>
    change(
      request,
      response,
      {
        permission: gnsAuthorityRotatePermission,
        schema: transitionRequestSchema,
        action: 'transition',
      },
      (gns, body, act) => authorities.transitions.decide(gns, body, act),
    ),
  );

  router.get(`${BASE}/roots/:keyId/revocation`, async (request, response) => {
    const credentials = await credentialsOf(
      request,
      gnsAuthorityReadPermission,
    );
    const { gns } = await readable(request, credentials);
    response.json(await desk.preview(gns, request.params.keyId));
  });

  router.post(`${BASE}/roots/:keyId/revoke`, (request, response) =>
    change(
      request,
      response,
      {
        permission: gnsAuthorityRotatePermission,
        schema: revokeRequestSchema,
        action: 'revoke',
        severity: 'critical',
      },
      async (gns, { hash }, act) => {
        const { keyId } = request.params;
        const preview = await desk.preview(gns, keyId);
        if (!preview.possible) throw new ConflictError(preview.text);
        if (preview.hash !== hash) {
          throw new ConflictError(
            'What would break is not what you saw. Look at the preview again, then confirm that.',
          );
        }
        await authorities.rotations.revoke(gns, keyId, act);
      },
    ),
  );

  router.post(`${BASE}/export`, async (request, response) => {
    const credentials = await credentialsOf(
      request,
      gnsAuthorityReadPermission,
      gnsAuthorityExportPermission,
    );
    const { gns } = await readable(request, credentials);
    const body = parseRequest(
      exportRequestSchema,
      await readJsonBody(request, response, MAX_BODY),
      'body',
    );
    const backup = await audited(
      hub.auditor,
      {
        eventId: 'authority-export',
        request,
        severityLevel: 'critical',
        meta: { gns },
      },
      () =>
        authorities.backups.export(gns, {
          actor: actorOf(credentials),
          message: body.reason,
          byHand: true,
        }),
    );
    response.setHeader('cache-control', 'no-store');
    response.json(backup);
  });

  router.post(`${BASE}/import`, (request, response) =>
    change(
      request,
      response,
      {
        permission: gnsAuthorityImportPermission,
        schema: importRequestSchema,
        action: 'import',
        limit: MAX_IMPORT,
        severity: 'critical',
      },
      async (gns, body, act, definition) => {
        if (definition?.spec.authority.mode !== 'dedicated') {
          throw new ConflictError(
            `${gns} has no authority of its own: set authority.mode: dedicated first.`,
          );
        }
        const { spec } = definition;
        await authorities.backups.import(
          gns,
          body,
          {
            trustDomain:
              spec.authority.trustDomain === 'own' ? spec.domain : undefined,
            leafTtlSeconds: leafTtlSecondsOf(spec.authority.leafTtl),
            restart: spec.authority.restart ?? 'manual',
          },
          act,
        );
      },
    ),
  );

  router.get(
    `${REST_PATH}/clusters/:name/issuers`,
    async (request, response) => {
      const credentials = await credentialsOf(
        request,
        gnsAuthorityReadPermission,
        gnsClusterReadPermission,
      );
      const facts = await readClusterFacts({
        ...hub,
        limits: hub.freshness,
        now: hub.now(),
      });
      const found = facts.find(f => f.cluster.name === request.params.name);
      if (!found) {
        throw new NotFoundError(
          `There is no member cluster ${request.params.name}`,
        );
      }
      response.json(
        await desk.ofCluster(
          found.cluster.id,
          found.coverage,
          await readers.readable(credentials),
        ),
      );
    },
  );

  return router;
}
