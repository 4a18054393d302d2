import { PLANNED_KINDS, supportedKinds } from '@isthmus/plugin-gns-common';
import { z } from 'zod';
import { code, page, table } from './markdown';
import { schemaRows, type Schema } from './schemaRows';

/** Every kind of definition with its fields, from the schemas that parse them. */
export function definitionsPage(): string {
  const kinds = supportedKinds().map(kind => {
    const schema = z.toJSONSchema(kind.schema, {
      io: 'input',
      unrepresentable: 'any',
    }) as Schema;
    return [
      `## ${kind.kind}`,
      `${kind.summary} ${
        kind.scope === 'gns'
          ? 'Names its global namespace in `metadata.gns`.'
          : 'Stands alone.'
      }`,
      table(
        ['Field', 'Type', 'Default', 'What it says'],
        schemaRows(schema).map(row => [
          code(row.path) + (row.required ? ' (required)' : ''),
          row.type,
          row.initial && code(row.initial),
          row.description,
        ]),
      ),
    ].join('\n\n');
  });
  return page('Definitions', 'the schemas in `gns-common/src/kinds`', [
    'Fields that are not listed are refused. How a definition is written, planned and rolled out: [Global namespaces](../global-namespaces.md).',
    ...kinds,
    '## Not supported yet',
    `Refused by name, not as unknown: ${PLANNED_KINDS.map(code).join(', ')}.`,
  ]);
}
