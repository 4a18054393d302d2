import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';

/** Entities by reference, each with its text, to see what changed. */
export type KnownEntities = ReadonlyMap<
  string,
  { entity: Entity; text: string }
>;

export function knownEntities(entities: readonly Entity[]): KnownEntities {
  return new Map(
    entities.map(entity => [
      stringifyEntityRef(entity),
      { entity, text: JSON.stringify(entity) },
    ]),
  );
}

/** What a delta mutation has to say between two readings. */
export function entityChanges(
  before: KnownEntities,
  after: KnownEntities,
): { added: Entity[]; removed: Entity[] } {
  return {
    added: [...after]
      .filter(([ref, { text }]) => before.get(ref)?.text !== text)
      .map(([, { entity }]) => entity),
    removed: [...before]
      .filter(([ref]) => !after.has(ref))
      .map(([, { entity }]) => entity),
  };
}
