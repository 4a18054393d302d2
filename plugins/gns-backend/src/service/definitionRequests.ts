import { InputError, NotFoundError } from '@backstage/errors';
import {
  definitionNameSchema,
  formatRef,
  parseRef,
  showValue,
  type DefinitionRef,
} from '@isthmus/plugin-gns-common';
import { z } from 'zod';
import { readCursor } from './pageOf';

const optionalWord = z
  .string()
  .max(253)
  .optional()
  .transform(text => text || undefined);

const pageLimit = z.coerce
  .number('is no number')
  .int('is no whole number')
  .min(1, 'is less than 1')
  .max(500, 'is more than 500')
  .default(100);

export const listDefinitionsQuerySchema = z.object({
  kind: optionalWord,
  gns: optionalWord,
  cursor: optionalWord,
  limit: pageLimit,
});

export const pageQuerySchema = z.object({
  cursor: optionalWord,
  limit: pageLimit,
});

export const listAuditQuerySchema = z.object({
  subject: optionalWord,
  cursor: optionalWord,
  limit: pageLimit,
});

/** @throws InputError for a cursor that we did not make */
export function readRefCursor(
  cursor: string | undefined,
): DefinitionRef | undefined {
  if (cursor === undefined) return undefined;
  try {
    return parseRef(readCursor(cursor));
  } catch {
    throw badCursor(cursor);
  }
}

/** @throws InputError for a cursor that we did not make */
export function readNumberCursor(
  cursor: string | undefined,
): number | undefined {
  if (cursor === undefined) return undefined;
  const text = readCursor(cursor);
  if (!/^[1-9][0-9]{0,14}$/.test(text)) throw badCursor(cursor);
  return Number(text);
}

function badCursor(cursor: string) {
  return new InputError(
    `query.cursor is ${showValue(
      cursor,
    )}, which is none of ours. Send nextCursor of the page before, or leave it out to start.`,
  );
}

/**
 * The definition that a URL names. Kinds are not checked here: a stored
 * definition of a kind that this version does not know can be read and deleted.
 * @throws NotFoundError for text that can name nothing
 */
export function readRef(params: {
  kind?: string;
  gns?: string;
  name?: string;
}): DefinitionRef {
  const { kind = '', gns, name = '' } = params;
  const named =
    /^[A-Z][A-Za-z]{0,62}$/.test(kind) &&
    [gns, name].every(
      part =>
        part === undefined || definitionNameSchema.safeParse(part).success,
    );
  if (!named) {
    throw new NotFoundError(
      `There is no ${showValue(
        formatRef({ kind, name, ...(gns === undefined ? {} : { gns }) }),
      )}: a kind is a word like GlobalNamespace, a name has a-z, 0-9 and -`,
    );
  }
  return gns === undefined ? { kind, name } : { kind, gns, name };
}
