import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { printSchema, lexicographicSortSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { readJsonBody } from '../service/readJsonBody';
import type { GraphqlContext } from './builder';
import { CallerView, type CallerViewOptions } from './CallerView';
import { createSchema } from './createSchema';
import { describeError } from './describeError';
import { limitsPlugin } from './limits/limitsPlugin';

/** Path below the plugin's base URL. */
export const GRAPHQL_PATH = '/graphql';
/** Bytes of a request, after decompression. */
export const MAX_BODY = 64 * 1024;

/** The schema as text, always in the same order. */
export function schemaText(): string {
  return `${printSchema(lexicographicSortSchema(createSchema()))}\n`;
}

/** `POST /graphql`: telemetry, definitions and objectives in one question. */
export function createGraphqlRouter(options: CallerViewOptions): Router {
  const { logger, httpAuth } = options.hub;
  const describe = (error: unknown) => describeError(error, logger);
  const yoga = createYoga<GraphqlContext>({
    schema: createSchema(),
    graphqlEndpoint: GRAPHQL_PATH,
    // One question per request: limits are per request.
    batching: false,
    multipart: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    maskedErrors: { maskError: describe },
    plugins: [limitsPlugin(describe)],
    logging: {
      debug: () => {},
      info: () => {},
      warn: (...words) => logger.warn(words.map(String).join(' ')),
      error: (...words) => logger.error(words.map(String).join(' ')),
    },
  });
  const router = PromiseRouter();
  router.post(GRAPHQL_PATH, async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
    const body = await readJsonBody(request, response, MAX_BODY);
    const answer = await yoga.fetch(
      `http://hub${GRAPHQL_PATH}`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: request.get('accept') ?? 'application/json',
        },
        body: JSON.stringify(body ?? {}),
      },
      { caller: new CallerView(options, credentials) },
    );
    response.status(answer.status);
    response.set(
      'content-type',
      answer.headers.get('content-type') ?? 'application/json',
    );
    response.send(await answer.text());
  });
  return router;
}
