import type { ResourceType } from './resources';
import { qualifiedKind, qualifiedResource } from './resources';

/** `details.causes[]` of a `metav1.Status`. */
export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

/** A `metav1.Status` object as the Kubernetes API answers it. */
export interface StatusBody {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, never>;
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: StatusCause[];
    retryAfterSeconds?: number;
  };
  code?: number;
}

/** An error that the server answers as a `metav1.Status`. */
export class ApiStatusError extends Error {
  readonly body: StatusBody;

  constructor(
    readonly code: number,
    reason: string | undefined,
    message: string,
    details?: StatusBody['details'],
  ) {
    super(message);
    this.name = 'ApiStatusError';
    this.body = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason ? { reason } : {}),
      ...(details ? { details } : {}),
      code,
    };
  }
}

type Named = Pick<ResourceType, 'group' | 'plural'>;

function detailsOf(type: Named, name?: string) {
  return {
    ...(name ? { name } : {}),
    ...(type.group ? { group: type.group } : {}),
    kind: type.plural,
  };
}

export function notFound(type: Named, name: string): ApiStatusError {
  return new ApiStatusError(
    404,
    'NotFound',
    `${qualifiedResource(type)} "${name}" not found`,
    detailsOf(type, name),
  );
}

export function alreadyExists(type: Named, name: string): ApiStatusError {
  return new ApiStatusError(
    409,
    'AlreadyExists',
    `${qualifiedResource(type)} "${name}" already exists`,
    detailsOf(type, name),
  );
}

/** A write that carried an older resourceVersion. */
export function staleWrite(type: Named, name: string): ApiStatusError {
  return new ApiStatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedResource(type)} "${name}": ` +
      'the object has been modified; please apply your changes to the latest version and try again',
    detailsOf(type, name),
  );
}

/** A delete whose precondition does not hold. */
export function preconditionFailed(
  type: ResourceType,
  name: string,
  what: string,
): ApiStatusError {
  return new ApiStatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedKind(
      type,
    )} "${name}": ${what}`,
    {
      name,
      ...(type.group ? { group: type.group } : {}),
      kind: type.kind,
    },
  );
}

export function badRequest(message: string): ApiStatusError {
  return new ApiStatusError(400, 'BadRequest', message);
}

export function unauthorized(): ApiStatusError {
  return new ApiStatusError(401, 'Unauthorized', 'Unauthorized');
}

/** No such group, version or resource. */
export function noSuchResource(): ApiStatusError {
  return new ApiStatusError(
    404,
    'NotFound',
    'the server could not find the requested resource',
    {},
  );
}

export function methodNotAllowed(): ApiStatusError {
  return new ApiStatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

export function unsupportedMediaType(
  accepted: readonly string[],
): ApiStatusError {
  return new ApiStatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(
      ', ',
    )}`,
  );
}

/** The resource version is older than the history that the server keeps. */
export function expired(message: string): ApiStatusError {
  return new ApiStatusError(410, 'Expired', message);
}

/** A resource version from the future (etcd restored from a backup). */
export function tooLargeResourceVersion(
  asked: number,
  current: number,
): ApiStatusError {
  return new ApiStatusError(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${asked}, current: ${current}`,
    {
      causes: [
        {
          reason: 'ResourceVersionTooLarge',
          message: 'Too large resource version',
        },
      ],
      retryAfterSeconds: 1,
    },
  );
}

/** One finding of validation, as `field.Error` of the Kubernetes source. */
export interface FieldProblem {
  field: string;
  reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueTypeInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueTooLong'
    | 'FieldValueForbidden';
  message: string;
}

/** 422: the object does not fit its schema. */
export function invalid(
  type: Pick<ResourceType, 'group' | 'kind'>,
  name: string,
  problems: readonly FieldProblem[],
): ApiStatusError {
  const lines = problems.map(p => `${p.field}: ${p.message}`);
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return new ApiStatusError(
    422,
    'Invalid',
    `${qualifiedKind(type)} "${name}" is invalid: ${text}`,
    {
      ...(name ? { name } : {}),
      ...(type.group ? { group: type.group } : {}),
      kind: type.kind,
      causes: problems.map(({ reason, message, field }) => ({
        reason,
        message,
        field,
      })),
    },
  );
}
