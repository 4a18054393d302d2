import { CustomErrorBase } from '@backstage/errors';

/** 412: the generation in If-Match is not the current one. */
export class PreconditionFailedError extends CustomErrorBase {
  name = 'PreconditionFailedError' as const;
  readonly statusCode = 412;
}

/** 428: a write came without If-Match or If-None-Match. */
export class PreconditionRequiredError extends CustomErrorBase {
  name = 'PreconditionRequiredError' as const;
  readonly statusCode = 428;
}

/** 413: the body is larger than the route reads. */
export class ContentTooLargeError extends CustomErrorBase {
  name = 'ContentTooLargeError' as const;
  readonly statusCode = 413;
}

/** 422: the document was read, but says something that cannot be. Carries the problems. */
export class InvalidDefinitionError extends CustomErrorBase {
  name = 'InvalidDefinitionError' as const;
  readonly statusCode = 422;
}
