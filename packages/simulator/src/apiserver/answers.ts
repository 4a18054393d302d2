import type { ServerResponse } from 'node:http';
import { ApiStatusError } from './statusErrors';

/** What a request is answered with; a text is sent as it is. */
export interface Answer {
  code: number;
  body: unknown;
  warnings?: string[];
}

/** Sends an answer, unless the client is gone. */
export function send(
  response: ServerResponse,
  { code, body, warnings }: Answer,
) {
  if (response.headersSent || response.destroyed) return;
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(code, {
    'Content-Type':
      typeof body === 'string' ? 'text/plain' : 'application/json',
    'Content-Length': Buffer.byteLength(content),
    'Cache-Control': 'no-cache, private',
    ...(warnings && warnings.length > 0
      ? { Warning: warnings.map(text299) }
      : {}),
  });
  response.end(content);
}

function text299(warning: string): string {
  return `299 - ${JSON.stringify(warning)}`;
}

/** Sends an error as a `metav1.Status`. */
export function sendError(response: ServerResponse, error: unknown) {
  const known =
    error instanceof ApiStatusError
      ? error
      : new ApiStatusError(
          500,
          'InternalError',
          `Internal error occurred: ${
            error instanceof Error ? error.stack : String(error)
          }`,
        );
  const retry = known.body.details?.retryAfterSeconds;
  if (retry && !response.headersSent) response.setHeader('Retry-After', retry);
  send(response, { code: known.code, body: known.body });
}
