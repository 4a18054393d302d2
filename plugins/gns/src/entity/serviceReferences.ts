import { type Entity } from '@backstage/catalog-model';
import { type FilterPredicate } from '@backstage/filter-predicates';
import {
  ANNOTATION_FOUND_SERVICES,
  ANNOTATION_SERVICE,
  parseServiceAnnotation,
  type ServiceReference,
} from '@isthmus/plugin-gns-common';

/** The global services of an entity. */
export interface EntityServices {
  services: ServiceReference[];
  /** Parts of the annotation that are no services, escaped to be shown. */
  invalid: string[];
  /** True: nobody wrote the annotation; Kubernetes labels found them. */
  found: boolean;
}

/** Whether the entity has anything to do with a mesh. */
export function hasServices(entity: Entity): boolean {
  const annotations = entity.metadata.annotations ?? {};
  return Boolean(
    annotations[ANNOTATION_SERVICE] ?? annotations[ANNOTATION_FOUND_SERVICES],
  );
}

/** For extensions: the entities for which {@link hasServices} holds, as an admin can write it too. */
export const HAS_SERVICES: FilterPredicate = {
  $any: [
    { [`metadata.annotations.${ANNOTATION_SERVICE}`]: { $exists: true } },
    {
      [`metadata.annotations.${ANNOTATION_FOUND_SERVICES}`]: { $exists: true },
    },
  ],
};

/** Reads what a person wrote, else what labels found. */
export function servicesOf(entity: Entity): EntityServices {
  const annotations = entity.metadata.annotations ?? {};
  const written = annotations[ANNOTATION_SERVICE];
  return {
    ...parseServiceAnnotation(
      written ?? annotations[ANNOTATION_FOUND_SERVICES] ?? '',
    ),
    found: written === undefined,
  };
}
