import type { Request, Response } from 'express';
import { formatYaml, type StoredDefinition } from '@isthmus/plugin-gns-common';
import type { DefinitionRecord } from '../definitions/DefinitionStore';
import { formatETag } from './writeHeaders';

const YAML_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];

/** A record as the REST API shows it. */
export function toStored(record: DefinitionRecord): StoredDefinition {
  const { createdOrder: _, definition, ...rest } = record;
  return {
    ...rest,
    definition: { ...definition, metadata: { ...definition.metadata } },
  };
}

/** One definition with its ETag; as YAML the document alone, ready to be edited and sent back. */
export function sendDefinition(
  request: Request,
  response: Response,
  record: DefinitionRecord,
): void {
  response
    .set('ETag', formatETag(record.generation))
    .set('Cache-Control', 'private, no-cache')
    .vary('Accept');
  const wanted = request.accepts(['application/json', ...YAML_TYPES]);
  if (wanted && YAML_TYPES.includes(wanted)) {
    response
      .type('application/yaml; charset=utf-8')
      .send(formatYaml(record.definition));
  } else {
    response.json(toStored(record));
  }
}
