import {
  getCompoundEntityRef,
  parseEntityRef,
  RELATION_DEPENDENCY_OF,
  RELATION_DEPENDS_ON,
  type Entity,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import {
  processingResult,
  type CatalogProcessor,
  type CatalogProcessorCache,
  type CatalogProcessorEmit,
} from '@backstage/plugin-catalog-node';
import {
  ANNOTATION_FOUND_SERVICES,
  ANNOTATION_SERVICE,
  parseServiceAnnotation,
  type ServiceReference,
} from '@isthmus/plugin-gns-common';
import type { ServiceIndex } from '../hub/ServiceIndex';
import { gnsEntityRef } from '../provider/entities';
import type { CatalogConfig } from '../readCatalogConfig';
import { findServices } from './findServices';

/** Most services that labels may find for one entity: a wider net says nothing. */
const MAX_FOUND = 20;

const CACHE_KEY = 'found-services';

/**
 * Relates components to global namespaces: by our annotation, and where it is
 * missing by the labels that the Kubernetes plugin uses. What labels found
 * stands in an annotation of its own, so that pages can show it and say how to
 * annotate.
 */
export class GnsServiceProcessor implements CatalogProcessor {
  readonly #config: Pick<CatalogConfig, 'namespace'>;
  readonly #index: Pick<ServiceIndex, 'services'>;

  static create(options: {
    config: Pick<CatalogConfig, 'namespace'>;
    index: Pick<ServiceIndex, 'services'>;
  }) {
    return new GnsServiceProcessor(options);
  }

  private constructor(options: {
    config: Pick<CatalogConfig, 'namespace'>;
    index: Pick<ServiceIndex, 'services'>;
  }) {
    this.#config = options.config;
    this.#index = options.index;
  }

  getProcessorName(): string {
    return 'GnsServiceProcessor';
  }

  /** @throws InputError for an annotation that names no services: the entity keeps its last good version */
  async preProcessEntity(
    entity: Entity,
    _location: unknown,
    _emit: CatalogProcessorEmit,
    _origin: unknown,
    cache: CatalogProcessorCache,
  ): Promise<Entity> {
    if (entity.kind !== 'Component') return entity;
    const { [ANNOTATION_FOUND_SERVICES]: _claimed, ...annotations } =
      entity.metadata.annotations ?? {};
    const written = annotations[ANNOTATION_SERVICE];
    if (written !== undefined) refuseInvalid(written);
    const found = written === undefined ? await this.#find(entity, cache) : [];
    return {
      ...entity,
      metadata: {
        ...entity.metadata,
        ...(entity.metadata.annotations || found.length > 0
          ? {
              annotations: {
                ...annotations,
                ...(found.length > 0
                  ? { [ANNOTATION_FOUND_SERVICES]: formatServices(found) }
                  : {}),
              },
            }
          : {}),
      },
    };
  }

  async postProcessEntity(
    entity: Entity,
    _location: unknown,
    emit: CatalogProcessorEmit,
  ): Promise<Entity> {
    if (entity.kind !== 'Component') return entity;
    const annotations = entity.metadata.annotations ?? {};
    const { services } = parseServiceAnnotation(
      annotations[ANNOTATION_SERVICE] ??
        annotations[ANNOTATION_FOUND_SERVICES] ??
        '',
    );
    const self = getCompoundEntityRef(entity);
    for (const gns of new Set(services.map(s => s.gns))) {
      const other = parseEntityRef(gnsEntityRef(this.#config, gns));
      emit(
        processingResult.relation({
          source: self,
          target: other,
          type: RELATION_DEPENDS_ON,
        }),
      );
      emit(
        processingResult.relation({
          source: other,
          target: self,
          type: RELATION_DEPENDENCY_OF,
        }),
      );
    }
    return entity;
  }

  /** What labels find; while the hub is silent, what they found last. */
  async #find(
    entity: Entity,
    cache: CatalogProcessorCache,
  ): Promise<ServiceReference[]> {
    const services = await this.#index.services();
    if (!services) {
      const last = await cache.get<string>(CACHE_KEY);
      return parseServiceAnnotation(last ?? '').services;
    }
    const found = findServices(entity, services).slice(0, MAX_FOUND);
    await cache.set(CACHE_KEY, formatServices(found));
    return found;
  }
}

function formatServices(services: readonly ServiceReference[]): string {
  return services.map(s => `${s.gns}/${s.service}`).join(', ');
}

function refuseInvalid(text: string): void {
  const { services, invalid } = parseServiceAnnotation(text);
  if (invalid.length > 0 || services.length === 0) {
    throw new InputError(
      `metadata.annotations["${ANNOTATION_SERVICE}"]: ${
        invalid.length > 0
          ? `${invalid
              .slice(0, 5)
              .map(i => `"${i}"`)
              .join(', ')} is no service`
          : 'it names no service'
      }. Write <global namespace>/<service>, several with commas: shop/checkout, shop-staging/checkout`,
    );
  }
}
