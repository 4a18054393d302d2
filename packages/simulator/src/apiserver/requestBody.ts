import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import type { Json } from './objects';
import {
  ApiStatusError,
  badRequest,
  unsupportedMediaType,
} from './statusErrors';

/** The real server's limit for request bodies. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** Reads a request's body whole. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > MAX_BODY_BYTES) {
      throw new ApiStatusError(
        413,
        'RequestEntityTooLarge',
        `Request entity too large: limit is ${MAX_BODY_BYTES}`,
      );
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Parses JSON, and YAML where the content type says so. */
export function parseBody(body: string, contentType: string): Json {
  try {
    if (contentType.includes('yaml') && !body.trimStart().startsWith('{')) {
      return parseYaml(body) as Json;
    }
    return JSON.parse(body) as Json;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw badRequest(
      `the object provided is unrecognized: json parse error: ${message} (${body.slice(
        0,
        100,
      )})`,
    );
  }
}

/** Reads a body that is a JSON (or YAML) document. */
export async function readJson(request: IncomingMessage): Promise<Json> {
  const type = request.headers['content-type'] ?? 'application/json';
  if (type.includes('protobuf')) {
    throw unsupportedMediaType(['application/json', 'application/yaml']);
  }
  return parseBody(await readBody(request), type);
}
