import type {
  AuditorService,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type express from 'express';
import PromiseRouter from 'express-promise-router';
import { gnsRolloutApprovePermission } from '@isthmus/plugin-gns-common';
import type { DefinitionStore } from '../definitions/DefinitionStore';
import { audited } from './audited';
import { listAuditQuerySchema, readNumberCursor } from './definitionRequests';
import { pageOf } from './pageOf';
import { parseRequest } from './parseRequest';

/** `/v1/audit`: every change, for those who decide on rollouts. */
export function createAuditRouter(options: {
  store: Pick<DefinitionStore, 'listAudit'>;
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  auditor: AuditorService;
}): express.Router {
  const { store, httpAuth, permissions, auditor } = options;
  const router = PromiseRouter();
  router.get('/v1/audit', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const { subject, cursor, limit } = parseRequest(
      listAuditQuerySchema,
      request.query,
      'query',
    );
    const before = readNumberCursor(cursor);
    const found = await audited(
      auditor,
      { eventId: 'audit-fetch', request, severityLevel: 'low' },
      async () => {
        const [decision] = await permissions.authorize(
          [{ permission: gnsRolloutApprovePermission }],
          { credentials },
        );
        if (decision.result !== AuthorizeResult.ALLOW) {
          throw new NotAllowedError(
            'You may not read the audit: the permission gns.rollout.approve is missing. Ask a platform admin.',
          );
        }
        return store.listAudit({ subject, before, limit: limit + 1 });
      },
    );
    response.json(
      pageOf(found, limit, {
        keyOf: entry => String(entry.id),
        show: entry => entry,
      }),
    );
  });
  return router;
}
