import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { Response } from 'supertest';
import { createOpenApiDocument } from '../service/openapi/createOpenApiDocument';

interface Operation {
  responses: Record<
    string,
    { $ref?: string; content?: Record<string, unknown> }
  >;
}

const document = createOpenApiDocument() as {
  paths: Record<string, Record<string, Operation>>;
};
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(document, 'openapi');
const validators = new Map<string, ValidateFunction>();

/**
 * Checks status and JSON body of an answer against the OpenAPI document.
 * @throws Error naming what differs
 */
export function assertDocumented(
  method: 'get' | 'put' | 'post' | 'delete',
  path: string,
  response: Response,
): void {
  const operation = document.paths[path]?.[method];
  if (!operation) throw new Error(`${method} ${path} is not documented`);
  const documented = operation.responses[response.status];
  const where = `${method} ${path} ${response.status}`;
  if (!documented) throw new Error(`${where} is not documented`);
  if (response.type !== 'application/json') return;
  const pointer = documented.$ref
    ? `${documented.$ref}/content/application~1json/schema`
    : `#/paths/${path
        .replaceAll('~', '~0')
        .replaceAll('/', '~1')}/${method}/responses/${
        response.status
      }/content/application~1json/schema`;
  const validate =
    validators.get(pointer) ??
    ajv.compile({ $ref: `openapi${encodeURI(pointer)}` });
  validators.set(pointer, validate);
  if (!validate(response.body)) {
    throw new Error(`${where}: ${ajv.errorsText(validate.errors)}`);
  }
}
