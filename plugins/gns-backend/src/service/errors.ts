import { CustomErrorBase } from '@backstage/errors';
import type { Conflict, Problem } from '@isthmus/plugin-gns-common';

/**
 * 412: the generation in If-Match is not the current one. `conflict` reaches
 * the client as `error.conflict` of the answer: what stands now, and who wrote it.
 */
export class PreconditionFailedError extends CustomErrorBase {
  name = 'PreconditionFailedError' as const;
  readonly statusCode = 412;
  readonly conflict?: Conflict;

  constructor(message: string, conflict?: Conflict) {
    super(message);
    if (conflict) this.conflict = conflict;
  }
}

/** 409: the confirmed plan is not of what is to be written. */
export class PlanMismatchError extends CustomErrorBase {
  name = 'PlanMismatchError' as const;
  readonly statusCode = 409;
  readonly conflict: Conflict;

  constructor(message: string, reason: 'unknown' | 'otherDefinition') {
    super(message);
    this.conflict = { type: 'plan', reason };
  }
}

/** 409: a rollout of this definition is not over; `rollout` is its id. */
export class RolloutUnderWayError extends CustomErrorBase {
  name = 'RolloutUnderWayError' as const;
  readonly statusCode = 409;
  readonly rollout: string;
  readonly conflict?: Conflict;

  constructor(message: string, rollout: string, conflict?: Conflict) {
    super(message);
    this.rollout = rollout;
    if (conflict) this.conflict = conflict;
  }

  /** The same, with what its caller may see of the rollout. */
  with(conflict: Conflict): RolloutUnderWayError {
    return new RolloutUnderWayError(this.message, this.rollout, conflict);
  }
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

/** 415: the body is of a type that the route does not read. */
export class UnsupportedMediaTypeError extends CustomErrorBase {
  name = 'UnsupportedMediaTypeError' as const;
  readonly statusCode = 415;
}

/**
 * 422: the document was read, but says something that cannot be. `problems`
 * reaches the client as `error.problems` of the answer.
 */
export class InvalidDefinitionError extends CustomErrorBase {
  name = 'InvalidDefinitionError' as const;
  readonly statusCode = 422;
  readonly problems: readonly Problem[];

  constructor(message: string, problems: readonly Problem[] = []) {
    super(message);
    this.problems = problems;
  }

  /** One line per problem: path, what is wrong, the value, what to do. */
  static of(problems: readonly Problem[]): InvalidDefinitionError {
    return new InvalidDefinitionError(
      problems
        .map(({ path, message, value, remedy }) =>
          [
            path && `${path}:`,
            message,
            value !== undefined && `Found ${value}.`,
            remedy,
          ]
            .filter(Boolean)
            .join(' '),
        )
        .join('\n'),
      problems,
    );
  }
}
