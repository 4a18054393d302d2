/** One resource type of an API server. */
export interface KubeResource {
  /** `v1`, `networking.istio.io/v1`. */
  apiVersion: string;
  kind: string;
  /** Plural, as in URLs. */
  plural: string;
  namespaced: boolean;
}

/** Any object, unparsed beyond its identity: the rest is read by schemas. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

export interface KubeSelector {
  /** Absent: all namespaces. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

export interface KubeListPage {
  items: KubeObject[];
  resourceVersion: string;
  /** Token of the next page; absent on the last. */
  continue?: string;
}

export type KubeWatchEvent =
  /** The server accepted the watch: nothing is missed from here on. */
  | { type: 'OPENED' }
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubeObject }
  | { type: 'BOOKMARK'; resourceVersion: string };

/** What a TokenReview says of a token; nothing in it is sure to be there. */
export interface TokenReviewStatus {
  authenticated?: boolean;
  /** Those of the audiences asked for that the token has. */
  audiences?: string[];
  error?: string;
  user?: {
    username?: string;
    groups?: string[];
    extra?: Record<string, string[]>;
  };
}

/** Name and namespace of one object. */
export interface KubeName {
  name: string;
  namespace?: string;
}

/**
 * One API server, as far as the controller uses it. All methods throw
 * {@link KubeError} for an answer that is not 2xx, and other errors when there
 * was no answer.
 */
export interface KubeApi {
  list(
    resource: KubeResource,
    selector: KubeSelector,
    page: { limit: number; continue?: string },
    signal?: AbortSignal,
  ): Promise<KubeListPage>;
  /** Ends when the server closes; throws 410 as {@link KubeError}. */
  watch(
    resource: KubeResource,
    selector: KubeSelector,
    resourceVersion: string,
    signal: AbortSignal,
  ): AsyncIterable<KubeWatchEvent>;
  /** Undefined when there is none. */
  get(
    resource: KubeResource,
    name: KubeName,
    signal?: AbortSignal,
  ): Promise<KubeObject | undefined>;
  /** Server-side apply as field manager `isthmus`. */
  apply(
    resource: KubeResource,
    object: KubeObject,
    options: { force: boolean },
    signal?: AbortSignal,
  ): Promise<KubeObject>;
  /** POST: fails with 409 when the object exists. */
  create(
    resource: KubeResource,
    object: KubeObject,
    signal?: AbortSignal,
  ): Promise<KubeObject>;
  /** PUT: fails with 409 when `resourceVersion` is not the current one. */
  replace(
    resource: KubeResource,
    object: KubeObject,
    signal?: AbortSignal,
  ): Promise<KubeObject>;
  /** With `uid`, only that very object. False when there was none. */
  delete(
    resource: KubeResource,
    name: KubeName,
    uid?: string,
    signal?: AbortSignal,
  ): Promise<boolean>;
  /** TokenReview: whose token it is, for one of these audiences. */
  reviewToken(
    review: { token: string; audiences: readonly string[] },
    signal?: AbortSignal,
  ): Promise<TokenReviewStatus>;
  /** `gitVersion` of the server. */
  version(signal?: AbortSignal): Promise<string>;
  /** Closes connections; watches end. */
  close(): Promise<void>;
}

/** An API server's refusal, as its `Status` object told it. */
export class KubeError extends Error {
  readonly name = 'KubeError';

  constructor(
    message: string,
    /** HTTP status code. */
    readonly status: number,
    /** `Status.reason`, for example `Conflict`. */
    readonly reason: string,
    /** `Status.details.causes[].reason`. */
    readonly causes: readonly string[] = [],
    /** Seconds to wait, from `Retry-After`. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  /** Another field manager holds a field that we would change. */
  get isFieldConflict(): boolean {
    return this.status === 409 && this.causes.includes('FieldManagerConflict');
  }

  /** The resource version is too old: list again. */
  get isExpired(): boolean {
    return this.status === 410;
  }
}

/** Whether an error is an API server's answer with one of these codes. */
export function isKubeStatus(
  error: unknown,
  ...codes: number[]
): error is KubeError {
  return error instanceof KubeError && codes.includes(error.status);
}

/** `namespace/name`, the key of an object within its resource type. */
export function nameKey(name: KubeName): string {
  return `${name.namespace ?? ''}/${name.name}`;
}
