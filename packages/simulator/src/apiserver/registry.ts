import { randomUUID } from 'node:crypto';
import { NAMESPACES, admitIntoNamespace } from './admitIntoNamespace';
import { decodeObject } from './decodeObject';
import type { ServiceAllocator } from './defaults';
import type { DeletePreconditions } from './deletion';
import { checkPreconditions, markedForDeletion } from './deletion';
import type { Faults } from './faults';
import { schemaOf } from './fieldSchema';
import {
  applyConfiguration,
  creationBaseline,
  ignoredFields,
  recordUpdate,
} from './managedFields';
import {
  isSameButTimes,
  newborn,
  replacementOf,
  withManagedFields,
} from './objectShape';
import type { Json, JsonObject, KubernetesObject } from './objects';
import { isJsonObject } from './objects';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
} from './patches';
import type { ResourceType } from './resources';
import { apiVersionOf } from './resources';
import {
  ApiStatusError,
  alreadyExists,
  badRequest,
  invalid,
  notFound,
  staleWrite,
  unsupportedMediaType,
} from './statusErrors';
import type { ObjectStore } from './store';
import { ListKeyError } from './typedMerge';
import { pruneUnknownFields, validateObject } from './validation';

/** How a write is to be done, from its query and headers. */
export interface WriteOptions {
  manager: string;
  dryRun: boolean;
  /** Strict, Warn or Ignore. */
  fieldValidation: string;
  subresource?: string;
  /** Server-side apply takes fields from other managers. */
  force: boolean;
}

/** `metav1.DeleteOptions`. */
export interface DeleteOptions {
  dryRun: boolean;
  preconditions?: DeletePreconditions;
  orphan?: boolean;
}

/** The outcome of a write. */
export interface Written {
  object: KubernetesObject;
  created: boolean;
  warnings: string[];
}

/** Which object is written. */
export interface Target {
  type: ResourceType;
  /** '' when cluster-scoped. */
  namespace: string;
  name: string;
}

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

/** Creates, updates, patches and deletes, by the real server's rules. */
export class ResourceRegistry {
  constructor(
    private readonly store: ObjectStore,
    private readonly faults: Faults,
    private readonly allocate: ServiceAllocator,
    private readonly now: () => Date = () => new Date(),
  ) {}

  #time(): string {
    return `${this.now().toISOString().slice(0, 19)}Z`;
  }

  #live(target: Target): KubernetesObject {
    const { type, namespace, name } = target;
    const live = this.store.get(type, namespace, name);
    if (!live) throw notFound(type, name);
    return live;
  }

  get(target: Target): KubernetesObject {
    return this.#live(target);
  }

  create(
    type: ResourceType,
    namespace: string,
    body: Json,
    options: WriteOptions,
  ): Written {
    let object = decodeObject(type, namespace, undefined, body);
    const { generateName } = object.metadata;
    if (!object.metadata.name && generateName) {
      const suffix = randomUUID().replaceAll('-', '').slice(0, 5);
      const name = `${generateName}${suffix}`;
      object = { ...object, metadata: { ...object.metadata, name } };
    }
    admitIntoNamespace(this.store, type, namespace, object.metadata.name);
    if (this.store.get(type, namespace, object.metadata.name)) {
      throw alreadyExists(type, object.metadata.name);
    }
    const { object: pruned, warnings } = pruneUnknownFields(
      type,
      object,
      options.fieldValidation,
    );
    const {
      resourceVersion: _none,
      managedFields,
      ...metadata
    } = pruned.metadata;
    const candidate = newborn(this.#time(), this.allocate, type, {
      ...pruned,
      metadata: { ...metadata },
    });
    const entries = recordUpdate({
      schema: schemaOf(type),
      before: creationBaseline(type),
      after: candidate,
      entries: undefined,
      writer: this.#writer(type, options),
      ignored: ignoredFields(type.status, undefined),
    });
    return {
      ...this.#store(
        type,
        undefined,
        withManagedFields(candidate, entries),
        options,
      ),
      warnings,
    };
  }

  update(target: Target, body: Json, options: WriteOptions): Written {
    const { type, namespace, name } = target;
    const sent = decodeObject(type, namespace, name, body);
    const live = this.#live(target);
    if (type.custom && !sent.metadata.resourceVersion) {
      throw invalid(type, name, [
        {
          field: 'metadata.resourceVersion',
          reason: 'FieldValueInvalid',
          message: 'Invalid value: 0: must be specified for an update',
        },
      ]);
    }
    return this.#replace(target, live, sent, options);
  }

  patch(
    target: Target,
    contentType: string,
    patch: Json,
    options: WriteOptions,
  ): Written {
    if (contentType === APPLY_PATCH) return this.#apply(target, patch, options);
    const { type } = target;
    const live = this.#live(target);
    const json = live as unknown as JsonObject;
    let patched: Json;
    switch (contentType) {
      case JSON_PATCH:
        patched = applyJsonPatch(json, patch);
        break;
      case MERGE_PATCH:
        patched = applyMergePatch(json, patch);
        break;
      case STRATEGIC_PATCH:
        if (type.custom) {
          throw unsupportedMediaType([JSON_PATCH, MERGE_PATCH, APPLY_PATCH]);
        }
        patched = applyStrategicMergePatch(schemaOf(type), json, patch);
        break;
      default:
        throw new ApiStatusError(
          415,
          'UnsupportedMediaType',
          '415: Unsupported Media Type',
          {},
        );
    }
    const sent = decodeObject(type, target.namespace, target.name, patched);
    return this.#replace(target, live, sent, options);
  }

  /** The common end of PUT and of the patches that are not apply. */
  #replace(
    target: Target,
    live: KubernetesObject,
    sent: KubernetesObject,
    options: WriteOptions,
  ): Written {
    const { type, name } = target;
    const { uid, resourceVersion } = sent.metadata;
    if (uid && uid !== live.metadata.uid) {
      throw new ApiStatusError(
        409,
        'Conflict',
        `Operation cannot be fulfilled on ${type.plural} "${name}": Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`,
        { name, kind: type.plural },
      );
    }
    if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) {
      throw staleWrite(type, name);
    }
    const { object: pruned, warnings } = pruneUnknownFields(
      type,
      sent,
      options.fieldValidation,
    );
    const shaped = replacementOf(
      this.allocate,
      type,
      live,
      pruned,
      options.subresource,
    );
    const entries = recordUpdate({
      schema: schemaOf(type),
      before: live as unknown as JsonObject,
      after: shaped,
      entries: live.metadata.managedFields,
      writer: this.#writer(type, options),
      ignored: ignoredFields(type.status, options.subresource),
    });
    return {
      ...this.#store(type, live, withManagedFields(shaped, entries), options),
      warnings,
    };
  }

  #apply(target: Target, body: Json, options: WriteOptions): Written {
    const { type, namespace, name } = target;
    if (!options.manager) {
      throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
        {
          field: 'fieldManager',
          reason: 'FieldValueRequired',
          message: 'Required value: is required for apply patch',
        },
      ]);
    }
    if (!isJsonObject(body) || !body.kind || !body.apiVersion) {
      throw badRequest(
        `error decoding YAML: Object 'Kind' is missing in '${JSON.stringify(
          body,
        ).slice(0, 200)}'`,
      );
    }
    const sent = decodeObject(type, namespace, name, body);
    if (sent.metadata.managedFields) {
      throw badRequest('metadata.managedFields must be nil');
    }
    const live = this.store.get(type, namespace, name);
    const { uid, resourceVersion } = sent.metadata;
    if (!live && (options.subresource || resourceVersion)) {
      throw notFound(type, name);
    }
    if (live) {
      const staleUid = uid && uid !== live.metadata.uid;
      const stale =
        resourceVersion && resourceVersion !== live.metadata.resourceVersion;
      if (staleUid || stale) throw staleWrite(type, name);
    } else {
      admitIntoNamespace(this.store, type, namespace, name);
    }
    const { object: config, warnings } = pruneUnknownFields(
      type,
      sent,
      options.fieldValidation,
    );
    const schema = schemaOf(type);
    let applied: KubernetesObject;
    try {
      applied = applyConfiguration({
        schema,
        live,
        config,
        writer: this.#writer(type, options),
        force: options.force,
        ignored: ignoredFields(type.status, options.subresource),
      });
    } catch (error) {
      if (error instanceof ListKeyError) {
        throw new ApiStatusError(
          500,
          undefined,
          `failed to create typed patch object (${namespace}/${name}; ${apiVersionOf(
            type,
          )}, Kind=${type.kind}): ${error.message}`,
        );
      }
      throw error;
    }
    const { managedFields } = applied.metadata;
    const shaped = live
      ? replacementOf(this.allocate, type, live, applied, options.subresource)
      : newborn(this.#time(), this.allocate, type, applied);
    return {
      ...this.#store(
        type,
        live,
        withManagedFields(shaped, managedFields),
        options,
      ),
      warnings,
    };
  }

  /** Deletes, or marks as deleting while finalizers are there. */
  delete(
    target: Target,
    options: DeleteOptions,
  ): { object: KubernetesObject; gone: boolean } {
    const { type, namespace, name } = target;
    const live = this.#live(target);
    checkPreconditions(type, live, options.preconditions ?? {});
    const isNamespace = type === NAMESPACES;
    const held = (live.metadata.finalizers ?? []).length > 0 || isNamespace;
    if (!held) {
      if (!options.dryRun) this.store.remove(type, namespace, name);
      return { object: live, gone: true };
    }
    if (live.metadata.deletionTimestamp) return { object: live, gone: false };
    const marked = markedForDeletion(live, isNamespace, this.#time());
    const object = options.dryRun ? marked : this.store.put(type, marked);
    return { object, gone: false };
  }

  #writer(type: ResourceType, options: WriteOptions) {
    return {
      manager: options.manager,
      apiVersion: apiVersionOf(type),
      subresource: options.subresource,
      time: this.#time(),
    };
  }

  /** Validates and stores; a write that changes nothing stores nothing. */
  #store(
    type: ResourceType,
    live: KubernetesObject | undefined,
    candidate: KubernetesObject,
    options: WriteOptions,
  ): Omit<Written, 'warnings'> {
    validateObject(type, candidate);
    this.faults.admitObject(candidate);
    const created = live === undefined;
    if (live) {
      const { resourceVersion } = live.metadata;
      const same = { ...candidate.metadata, resourceVersion };
      if (isSameButTimes({ ...candidate, metadata: same }, live)) {
        return { object: live, created };
      }
      const { deletionTimestamp, finalizers = [] } = candidate.metadata;
      if (deletionTimestamp && finalizers.length === 0 && type !== NAMESPACES) {
        const last = { ...candidate, metadata: same };
        if (!options.dryRun) {
          const { namespace = '', name } = candidate.metadata;
          this.store.remove(type, namespace, name);
        }
        return { object: last, created };
      }
      if (options.dryRun) {
        return { object: { ...candidate, metadata: same }, created };
      }
    } else if (options.dryRun) {
      return { object: candidate, created };
    }
    return { object: this.store.put(type, candidate), created };
  }
}
