import type { HttpAuthService } from '@backstage/backend-plugin-api';
import type express from 'express';
import PromiseRouter from 'express-promise-router';
import { createOpenApiDocument } from './openapi/createOpenApiDocument';

/** `/openapi.json`: where Backstage expects a plugin's document. */
export function createOpenApiRouter(options: {
  httpAuth: HttpAuthService;
}): express.Router {
  const router = PromiseRouter();
  const document = createOpenApiDocument();
  router.get('/openapi.json', async (request, response) => {
    await options.httpAuth.credentials(request, { allow: ['user', 'service'] });
    response.json(document);
  });
  return router;
}
