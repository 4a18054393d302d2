import { randomUUID } from 'node:crypto';
import type { ServiceAllocator } from './defaults';
import { fillDefaults, keepAllocated } from './defaults';
import type { Faults } from './faults';
import { schemaOf } from './fieldSchema';
import {
  applyConfiguration,
  creationBaseline,
  ignoredFields,
  recordUpdate,
} from './managedFields';
import type { Json, JsonObject, KubernetesObject } from './objects';
import { isJsonObject, jsonEqual } from './objects';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
} from './patches';
import type { ResourceType } from './resources';
import { apiVersionOf, findResource } from './resources';
import {
  ApiStatusError,
  alreadyExists,
  badRequest,
  invalid,
  notFound,
  preconditionFailed,
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
  preconditions?: { uid?: string; resourceVersion?: string };
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

const NAMESPACES = findResource('v1', 'namespaces')!;

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
    let object = this.#decode(type, namespace, undefined, body);
    const { generateName } = object.metadata;
    if (!object.metadata.name && generateName) {
      const suffix = randomUUID().replaceAll('-', '').slice(0, 5);
      const name = `${generateName}${suffix}`;
      object = { ...object, metadata: { ...object.metadata, name } };
    }
    this.#admitNamespace(type, namespace, object.metadata.name);
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
    const candidate = this.#birth(type, {
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
    const sent = this.#decode(type, namespace, name, body);
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
    const sent = this.#decode(type, target.namespace, target.name, patched);
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
    const shaped = this.#shape(type, live, pruned, options.subresource);
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
    const sent = this.#decode(type, namespace, name, body);
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
      this.#admitNamespace(type, namespace, name);
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
      ? this.#shape(type, live, applied, options.subresource)
      : this.#birth(type, applied);
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
    const { uid, resourceVersion } = options.preconditions ?? {};
    if (uid && uid !== live.metadata.uid) {
      throw preconditionFailed(
        type,
        name,
        `the UID in the precondition (${uid}) does not match the UID in record (${live.metadata.uid}). The object might have been deleted and then recreated`,
      );
    }
    if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) {
      throw preconditionFailed(
        type,
        name,
        `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${live.metadata.resourceVersion}). The object might have been modified`,
      );
    }
    const isNamespace = type === NAMESPACES;
    const held = (live.metadata.finalizers ?? []).length > 0 || isNamespace;
    if (!held) {
      if (!options.dryRun) this.store.remove(type, namespace, name);
      return { object: live, gone: true };
    }
    if (live.metadata.deletionTimestamp) return { object: live, gone: false };
    const { generation } = live.metadata;
    const marked: KubernetesObject = {
      ...live,
      metadata: {
        ...live.metadata,
        deletionTimestamp: this.#time(),
        ...(isNamespace ? {} : { deletionGracePeriodSeconds: 0 }),
        ...(generation ? { generation: generation + 1 } : {}),
      },
      ...(isNamespace ? { status: { phase: 'Terminating' } } : {}),
    };
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

  /** Checks that the body is an object of this kind, place and name. */
  #decode(
    type: ResourceType,
    namespace: string,
    name: string | undefined,
    body: Json,
  ): KubernetesObject {
    const apiVersion = apiVersionOf(type);
    // The URL says what a built-in object is; a custom one says it itself.
    const said: JsonObject = type.custom ? {} : { kind: type.kind, apiVersion };
    const sent: Json = isJsonObject(body) ? { ...said, ...body } : body;
    if (!isJsonObject(sent) || !sent.kind || !sent.apiVersion) {
      throw badRequest(
        `Object 'Kind' is missing in '${JSON.stringify(body).slice(0, 200)}'`,
      );
    }
    if (sent.kind !== type.kind || sent.apiVersion !== apiVersion) {
      throw badRequest(
        `${sent.kind} in version ${JSON.stringify(
          sent.apiVersion,
        )} cannot be handled as a ${type.kind}`,
      );
    }
    const metadata = isJsonObject(sent.metadata) ? sent.metadata : {};
    if (metadata.namespace && metadata.namespace !== namespace) {
      throw badRequest(
        'the namespace of the provided object does not match the namespace sent on the request',
      );
    }
    if (name !== undefined && metadata.name && metadata.name !== name) {
      throw badRequest(
        `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
      );
    }
    return {
      ...sent,
      metadata: {
        ...metadata,
        name: name ?? metadata.name ?? '',
        ...(namespace ? { namespace } : {}),
      },
    } as unknown as KubernetesObject;
  }

  #admitNamespace(type: ResourceType, namespace: string, name: string) {
    if (!type.namespaced) return;
    const home = this.store.get(NAMESPACES, '', namespace);
    if (!home) throw notFound(NAMESPACES, namespace);
    if (home.metadata.deletionTimestamp) {
      throw new ApiStatusError(
        403,
        'Forbidden',
        `${type.plural} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
        {
          name,
          ...(type.group ? { group: type.group } : {}),
          kind: type.plural,
          causes: [
            {
              reason: 'NamespaceTerminating',
              message: `namespace ${namespace} is being terminated`,
              field: 'metadata.namespace',
            },
          ],
        },
      );
    }
  }

  /** A new object: no status from the client, system metadata, defaults. */
  #birth(type: ResourceType, object: KubernetesObject): KubernetesObject {
    const { status, ...rest } = object;
    const fresh = (
      type.status || status === undefined ? rest : object
    ) as KubernetesObject;
    const { deletionTimestamp: _gone, ...metadata } = fresh.metadata;
    return fillDefaults(
      {
        ...fresh,
        metadata: {
          ...metadata,
          uid: randomUUID(),
          creationTimestamp: this.#time(),
          ...(type.generation ? { generation: 1 } : {}),
        },
      },
      this.allocate,
    );
  }

  /** Keeps what this door cannot change, and the system metadata. */
  #shape(
    type: ResourceType,
    live: KubernetesObject,
    sent: KubernetesObject,
    subresource: string | undefined,
  ): KubernetesObject {
    if (subresource === 'status') {
      return { ...live, status: sent.status };
    }
    const { status: _status, ...rest } = sent;
    const body = type.status
      ? {
          ...rest,
          ...(live.status === undefined ? {} : { status: live.status }),
        }
      : sent;
    const {
      uid,
      creationTimestamp,
      generation,
      deletionTimestamp,
      deletionGracePeriodSeconds,
    } = live.metadata;
    const metadata = { ...sent.metadata };
    for (const key of [
      'generation',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
      'resourceVersion',
      'managedFields',
    ] as const) {
      delete metadata[key];
    }
    for (const key of ['labels', 'annotations', 'finalizers'] as const) {
      const value = metadata[key];
      if (value === null || (value && Object.keys(value).length === 0)) {
        delete metadata[key];
      }
    }
    const kept = keepAllocated(live, {
      ...(body as KubernetesObject),
      metadata: {
        ...metadata,
        uid,
        creationTimestamp,
        ...(generation ? { generation } : {}),
        ...(deletionTimestamp ? { deletionTimestamp } : {}),
        ...(deletionGracePeriodSeconds === undefined
          ? {}
          : { deletionGracePeriodSeconds }),
      },
    });
    const shaped = fillDefaults(kept, this.allocate);
    if (!type.generation || !generation || sameSpec(live, shaped)) {
      return shaped;
    }
    return {
      ...shaped,
      metadata: { ...shaped.metadata, generation: generation + 1 },
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
      if (jsonEqual({ ...candidate, metadata: same }, live)) {
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

function sameSpec(a: KubernetesObject, b: KubernetesObject): boolean {
  const strip = ({ metadata: _m, status: _s, ...rest }: KubernetesObject) =>
    rest;
  return jsonEqual(strip(a), strip(b));
}

function withManagedFields(
  object: KubernetesObject,
  managedFields: KubernetesObject['metadata']['managedFields'],
): KubernetesObject {
  const { managedFields: _old, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: { ...metadata, ...(managedFields ? { managedFields } : {}) },
  };
}
