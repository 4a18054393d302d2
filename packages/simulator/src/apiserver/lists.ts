import { randomUUID } from 'node:crypto';
import type { KubernetesObject } from './objects';
import type { ResourceType } from './resources';
import { apiVersionOf } from './resources';
import type { ObjectFilter } from './selectors';
import {
  ApiStatusError,
  badRequest,
  expired,
  tooLargeResourceVersion,
} from './statusErrors';
import type { ObjectStore } from './store';

/** What a list request asks for. */
export interface ListRequest {
  type: ResourceType;
  namespace?: string;
  filter?: ObjectFilter;
  limit?: number;
  continueToken?: string;
  resourceVersion?: string;
  exact?: boolean;
}

/** A list as it is answered. */
export interface ObjectList {
  kind: string;
  apiVersion: string;
  metadata: {
    resourceVersion: string;
    continue?: string;
    remainingItemCount?: number;
  };
  items: KubernetesObject[];
}

interface Page {
  items: KubernetesObject[];
  resourceVersion: string;
  type: ResourceType;
}

/** Unfinished paged lists that are remembered; older ones are told 410. */
const MAX_UNFINISHED = 100;

/** Lists objects; pages of one list show one moment. */
export class Lists {
  readonly #unfinished = new Map<string, Page>();

  constructor(private readonly store: ObjectStore) {}

  /** Forgets unfinished lists, as a compaction does. */
  compact() {
    this.#unfinished.clear();
  }

  list(request: ListRequest): ObjectList {
    const { type, limit, continueToken } = request;
    if (continueToken) return this.#next(request, continueToken);
    this.#checkVersion(request);
    const all = this.store.list(type, request.namespace);
    const items = request.filter ? all.filter(request.filter) : all;
    const page = {
      items,
      resourceVersion: String(this.store.resourceVersion),
      type,
    };
    return this.#page(page, limit, request.filter === undefined);
  }

  #checkVersion({ type, resourceVersion, exact }: ListRequest) {
    if (!resourceVersion || resourceVersion === '0') return;
    const asked = Number(resourceVersion);
    if (!Number.isInteger(asked) || asked < 0) {
      throw new ApiStatusError(
        400,
        'BadRequest',
        `invalid resource version "${resourceVersion}": strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`,
      );
    }
    if (asked > this.store.resourceVersion) {
      throw tooLargeResourceVersion(asked, this.store.resourceVersion);
    }
    if (exact && asked < this.store.compactedVersion(type)) {
      throw expired('The resourceVersion for the provided list is too old.');
    }
  }

  #next(request: ListRequest, token: string): ObjectList {
    let id: unknown;
    try {
      id = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')).list;
    } catch {
      throw badRequest('invalid continue token: continue key is not valid');
    }
    const page = this.#unfinished.get(String(id));
    if (!page || page.type !== request.type) {
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      );
    }
    return this.#page(page, request.limit, request.filter === undefined);
  }

  #page(page: Page, limit: number | undefined, counted: boolean): ObjectList {
    const { items, resourceVersion, type } = page;
    const size = limit && limit > 0 ? limit : items.length;
    const rest = items.slice(size);
    const metadata: ObjectList['metadata'] = { resourceVersion };
    if (rest.length > 0) {
      const id = randomUUID();
      this.#unfinished.set(id, { items: rest, resourceVersion, type });
      if (this.#unfinished.size > MAX_UNFINISHED) {
        const [oldest] = this.#unfinished.keys();
        this.#unfinished.delete(oldest);
      }
      metadata.continue = Buffer.from(JSON.stringify({ list: id })).toString(
        'base64url',
      );
      if (counted) metadata.remainingItemCount = rest.length;
    }
    return {
      kind: `${type.kind}List`,
      apiVersion: apiVersionOf(type),
      metadata,
      items: items.slice(0, size),
    };
  }
}
