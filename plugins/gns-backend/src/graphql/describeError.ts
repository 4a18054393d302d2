import { isError } from '@backstage/errors';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { GraphQLError } from 'graphql';

/** `NotFoundError` → `NOT_FOUND`. */
function codeOf(name: string): string {
  return name
    .replace(/Error$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase();
}

/** Names of errors whose words are meant for the caller. */
const FOR_CALLERS = new Set([
  'InputError',
  'NotFoundError',
  'NotAllowedError',
  'AuthenticationError',
  'ConflictError',
  'ServiceUnavailableError',
]);

/** Tells callers what is theirs to know; the rest goes to the log. */
export function describeError(
  error: unknown,
  logger: LoggerService,
): GraphQLError {
  const graphql = error instanceof GraphQLError ? error : undefined;
  const cause = graphql?.originalError ?? (graphql ? undefined : error);
  // Of the language itself: syntax, validation, limits.
  if (graphql && !cause) return graphql;
  const place = {
    nodes: graphql?.nodes,
    source: graphql?.source,
    positions: graphql?.positions,
    path: graphql?.path,
  };
  if (isError(cause) && FOR_CALLERS.has(cause.name)) {
    return new GraphQLError(cause.message, {
      ...place,
      extensions: { code: codeOf(cause.name) },
    });
  }
  if (cause instanceof GraphQLError) {
    return new GraphQLError(cause.message, {
      ...place,
      extensions: cause.extensions,
    });
  }
  logger.error(
    'A GraphQL query could not be answered',
    isError(cause) ? cause : { error: String(cause) },
  );
  return new GraphQLError(
    'This could not be computed. The backend log of the plugin gns says why',
    { ...place, extensions: { code: 'INTERNAL' } },
  );
}
