import express, { type Request, type Response } from 'express';
import {
  MAX_DEFINITION_BYTES,
  parseYaml,
  showValue,
  type Problem,
} from '@isthmus/plugin-gns-common';
import {
  ContentTooLargeError,
  InvalidDefinitionError,
  UnsupportedMediaTypeError,
} from './errors';

const TYPES = [
  'application/json',
  'application/yaml',
  'application/x-yaml',
  'text/yaml',
];

const readRaw = express.raw({ type: TYPES, limit: MAX_DEFINITION_BYTES });

/**
 * Reads the body of a PUT: one document, JSON or YAML. JSON is read as the
 * YAML that it is, because JSON.parse lets duplicate keys pass.
 * @throws ContentTooLargeError, UnsupportedMediaTypeError
 * @throws InvalidDefinitionError for text that is no single document
 */
export async function readDefinitionBody(
  request: Request,
  response: Response,
): Promise<unknown> {
  if (!request.is(TYPES)) {
    throw new UnsupportedMediaTypeError(
      `The body is of type ${showValue(
        request.get('content-type') ?? 'unknown',
      )}. Send one definition as application/json or application/yaml.`,
    );
  }
  await readBytes(request, response);
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) {
    throw new Error(
      'The body was read by another parser: mount the router of definitions before express.json()',
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw refuse(
      'not-utf-8',
      'The text is not UTF-8.',
      'Save the document as UTF-8.',
    );
  }
  const parsed = parseYaml(text);
  if (!parsed.ok) throw InvalidDefinitionError.of(parsed.problems);
  if (parsed.documents.length > 1) {
    throw refuse(
      'several-documents',
      `The body has ${parsed.documents.length} documents; a PUT writes one.`,
      'Send each document to its own URL.',
    );
  }
  return parsed.documents[0];
}

function refuse(code: string, message: string, remedy: string) {
  const problem: Problem = {
    severity: 'error',
    code,
    path: '',
    message,
    remedy,
  };
  return InvalidDefinitionError.of([problem]);
}

async function readBytes(request: Request, response: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    readRaw(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(sizeError(error) ?? error);
    });
  });
}

function sizeError(error: unknown): ContentTooLargeError | undefined {
  if (!(error instanceof Error) || !('type' in error)) return undefined;
  if (error.type !== 'entity.too.large') return undefined;
  const sent =
    'length' in error && typeof error.length === 'number'
      ? `${error.length} bytes`
      : 'more';
  return new ContentTooLargeError(
    `The body has ${sent}; at most ${MAX_DEFINITION_BYTES} bytes (256 KiB) of a definition are read. Split it into several definitions, or match by prefix or labels instead of long lists of names.`,
  );
}
