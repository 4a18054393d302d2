import type { Request } from 'express';
import { InputError } from '@backstage/errors';
import { lineSchema, showValue } from '@isthmus/plugin-gns-common';
import type { Precondition } from '../definitions/DefinitionStore';
import { PreconditionRequiredError } from './errors';

const messageSchema = lineSchema(500);
const PLAN = /^[A-Za-z0-9_-]{16,128}$/;

/** `"7"`, as it stands in ETag. */
export function formatETag(generation: number): string {
  return `"${generation}"`;
}

/**
 * The generation in If-Match; undefined when the header is missing. Proxies
 * weaken tags when they compress (`W/"7"`): the generation says the same.
 */
function readIfMatch(request: Request): number | undefined {
  const header = request.get('if-match')?.trim();
  if (header === undefined) return undefined;
  const match = /^(?:W\/)?"([1-9][0-9]{0,8})"$/.exec(header);
  if (!match) {
    throw new InputError(
      `If-Match is ${showValue(
        header,
      )}: it must be the one generation that you read, as in If-Match: "7". The generation stands in the answer of GET and in its ETag.`,
    );
  }
  return Number(match[1]);
}

/**
 * What a PUT expects: a generation, or nothing yet.
 * @throws PreconditionRequiredError when both headers are missing
 * @throws InputError for anything but one generation or `If-None-Match: *`
 */
export function readPrecondition(request: Request): Precondition {
  const generation = readIfMatch(request);
  const ifNoneMatch = request.get('if-none-match')?.trim();
  if (generation !== undefined && ifNoneMatch !== undefined) {
    throw new InputError(
      'If-Match and If-None-Match were both sent. Send If-Match to replace, If-None-Match: * to create.',
    );
  }
  if (generation !== undefined) return { type: 'generation', generation };
  if (ifNoneMatch === undefined) {
    throw new PreconditionRequiredError(
      'A write says what it expects: send If-None-Match: * to create, or If-Match: "<generation>" with the generation that you read to replace.',
    );
  }
  if (ifNoneMatch !== '*') {
    throw new InputError(
      `If-None-Match is ${showValue(
        ifNoneMatch,
      )}: a write takes If-None-Match: * only, which creates.`,
    );
  }
  return { type: 'absent' };
}

/** The generation that a DELETE expects. @throws PreconditionRequiredError, InputError */
export function readGeneration(request: Request): number {
  const generation = readIfMatch(request);
  if (generation === undefined) {
    throw new PreconditionRequiredError(
      'A deletion says what it expects: send If-Match: "<generation>" with the generation that you read.',
    );
  }
  return generation;
}

/**
 * `Gns-Message`, URI-encoded because headers are Latin-1; empty when absent.
 * @throws InputError
 */
export function readMessage(request: Request): string {
  const header = request.get('gns-message') ?? '';
  let text: string;
  try {
    text = decodeURIComponent(header);
  } catch {
    throw new InputError(
      `Gns-Message is ${showValue(
        header,
      )}, which is not URI-encoded text. Send encodeURIComponent(message).`,
    );
  }
  const parsed = messageSchema.safeParse(text);
  if (!parsed.success) {
    throw new InputError(
      `Gns-Message is ${showValue(text)}: ${
        parsed.error.issues[0].message
      }. Send one line of at most 500 visible characters.`,
    );
  }
  return parsed.data;
}

/** `Gns-Plan`: hash of the confirmed plan. @throws InputError */
export function readPlan(request: Request): string | undefined {
  const header = request.get('gns-plan');
  if (header === undefined || header === '') return undefined;
  if (!PLAN.test(header)) {
    throw new InputError(
      `Gns-Plan is ${showValue(
        header,
      )}, which is no hash of a plan. Send the field hash of the answer of POST plan.`,
    );
  }
  return header;
}
