import type { DefinitionRecord } from '../../definitions/DefinitionStore';
import type { Builder } from '../builder';

/** Definitions as they were written. */
export function addDefinitionTypes(builder: Builder) {
  return builder.objectRef<DefinitionRecord>('Definition').implement({
    fields: t => ({
      kind: t.string({ resolve: r => r.definition.kind }),
      globalNamespaceName: t.string({
        nullable: true,
        description: 'Null: it is one.',
        resolve: r => r.definition.metadata.gns,
      }),
      name: t.string({ resolve: r => r.definition.metadata.name }),
      generation: t.exposeInt('generation'),
      createdAt: t.expose('createdAt', { type: 'DateTime' }),
      updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
      updatedBy: t.exposeString('updatedBy'),
      metadata: t.field({ type: 'JSON', resolve: r => r.definition.metadata }),
      spec: t.field({ type: 'JSON', resolve: r => r.definition.spec }),
    }),
  });
}
