import { createOpenApiDocument } from '../../src/service/openapi/createOpenApiDocument';
import { code, page, table } from './markdown';
import { typeOf, type Schema } from './schemaRows';

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  parameters: { name: string; in: string; description?: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<
    string,
    { description: string; content?: Record<string, { schema: Schema }> }
  >;
}

interface OpenApi {
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
}

const shapeOf = (content: Record<string, { schema: Schema }>) =>
  Object.entries(content)
    .map(([type, { schema }]) => `${code(type)} ${typeOf(schema)}`)
    .join(', ');

function operationPart(method: string, path: string, op: Operation): string {
  const rows = [
    ...op.parameters.map(p => [`${p.in} ${code(p.name)}`, p.description ?? '']),
    ...(op.requestBody ? [['body', shapeOf(op.requestBody.content)]] : []),
    ...Object.entries(op.responses)
      .filter(([status]) => Number(status) < 400)
      .map(([status, { description, content }]) => [
        `answer ${status}`,
        content ? shapeOf(content) : description,
      ]),
    [
      'errors',
      Object.keys(op.responses)
        .filter(status => Number(status) >= 400)
        .join(', '),
    ],
  ];
  return [
    `### ${code(`${method.toUpperCase()} ${path}`)}`,
    `${op.summary}. ${op.description}.`,
    table(['Part', ''], rows),
  ].join('\n\n');
}

/** Every operation of the REST API, from the same document that the hub serves. */
export function restPage(): string {
  const { tags, paths } = createOpenApiDocument() as unknown as OpenApi;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [method, path, operation] as const,
    ),
  );
  return page('REST operations', 'the routes in `gns-common`', [
    'The hub serves this as OpenAPI 3.1 with every schema at `/api/gns/openapi.json`. How to call it, with examples: [REST](../rest.md).',
    ...tags.flatMap(tag => [
      `## ${tag.description}`,
      ...operations
        .filter(([, , operation]) => operation.tags.includes(tag.name))
        .map(args => operationPart(...args)),
    ]),
  ]);
}
