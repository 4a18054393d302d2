import type { Definition } from '@isthmus/plugin-gns-common';
import type { DefinitionRecord } from './DefinitionStore';
import type { DefinitionRow } from './tables';

/** A row of gns_definitions as the store answers it. */
export function toRecord(row: DefinitionRow): DefinitionRecord {
  return {
    generation: Number(row.generation),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
    createdOrder: Number(row.created_order),
    definition: JSON.parse(row.document) as Definition,
  };
}
