import { InputError } from '@backstage/errors';
import {
  DNS_LABEL,
  parseServiceAnnotation,
  showValue,
  sloStateSchema,
  type ServiceReference,
} from '@isthmus/plugin-gns-common';
import { z } from 'zod';
import type { SloSelection } from '../slo/selectSlos';

const word = z.string().max(253).optional();
/** Once, or several times. */
const many = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item).max(200), item])
    .optional()
    .transform(found => {
      if (found === undefined) return undefined;
      return (Array.isArray(found) ? found : [found]) as z.infer<T>[];
    });

export const listSlosQuerySchema = z.object({
  gns: word,
  service: z.string().max(4000).optional(),
  owner: many(z.string().max(253)),
  state: many(sloStateSchema),
  text: z.string().max(200).optional(),
  cursor: z.string().max(1000).optional(),
  limit: z.coerce
    .number('is no number')
    .int('is no whole number')
    .min(1, 'is less than 1')
    .max(1000, 'is more than 1000')
    .default(100),
});

/** @throws InputError for a service that is none */
export function readSelection(
  query: z.infer<typeof listSlosQuerySchema>,
): SloSelection {
  const { gns, owner, state, text } = query;
  return {
    gns,
    services:
      query.service === undefined
        ? undefined
        : readServices(query.service, gns),
    owners: owner?.map(ref => ref.toLowerCase()),
    states: state,
    text,
  };
}

function readServices(
  text: string,
  gns: string | undefined,
): ServiceReference[] {
  if (gns !== undefined && DNS_LABEL.test(text)) {
    return [{ gns, service: text }];
  }
  const { services, invalid } = parseServiceAnnotation(text);
  if (invalid.length > 0) {
    throw new InputError(
      `query.service: ${showValue(
        invalid[0],
      )} is no service. Write <gns>/<service>[,…], or a host label together with gns.`,
    );
  }
  return services;
}
