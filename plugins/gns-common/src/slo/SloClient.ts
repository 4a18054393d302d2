import type { z } from 'zod';
import { queryOf, type RestTransport } from '../rest/RestTransport';
import * as s from './sloSchemas';
import type { SloState } from './sloSchemas';

/** Which objectives a list shall have. */
export interface SloFilter {
  gns?: string;
  /** `<gns>/<service>[,…]`, or a host label together with `gns`. */
  service?: string;
  owners?: readonly string[];
  states?: readonly SloState[];
  text?: string;
  cursor?: string;
  limit?: number;
}

/** Objectives: part of `GnsClient`, as `client.slo`. */
export class SloClient {
  readonly #rest: RestTransport;

  constructor(rest: RestTransport) {
    this.#rest = rest;
  }

  /** Worst first. */
  list(filter: SloFilter = {}, signal?: AbortSignal) {
    const { owners = [], states = [], ...single } = filter;
    const query = new URLSearchParams(queryOf({ ...single }).slice(1));
    owners.forEach(owner => query.append('owner', owner));
    states.forEach(state => query.append('state', state));
    const text = query.toString();
    return this.#rest.read(
      s.sloListSchema,
      `/slos${text ? `?${text}` : ''}`,
      signal,
    );
  }

  /** `objective`: which one the slices are of; the worst by default. */
  get(
    ref: { gns: string; name: string },
    options: { objective?: string } = {},
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      s.sloDetailSchema,
      `${pathOf(ref)}${queryOf({ ...options })}`,
      signal,
    );
  }

  /** Judges a definition that need not be stored, over the stored past. */
  preview(definition: unknown, signal?: AbortSignal) {
    return this.#rest.post(
      s.sloPreviewSchema,
      '/slos/preview',
      { definition },
      signal,
    );
  }

  exportOpenSlo(ref: { gns: string; name: string }, signal?: AbortSignal) {
    return this.#rest.read(
      s.openSloExportSchema,
      `${pathOf(ref)}/openslo`,
      signal,
    );
  }

  /** Makes definitions of YAML or JSON text; writes nothing. */
  importOpenSlo(text: string, gns?: string, signal?: AbortSignal) {
    return this.#rest.post(
      s.openSloImportSchema,
      '/slos/openslo',
      { text, ...(gns === undefined ? {} : { gns }) },
      signal,
    );
  }

  annotate(annotation: z.input<typeof s.sloAnnotationRequestSchema>) {
    return this.#rest.post(s.sloEventSchema, '/slos/annotations', annotation);
  }

  /** Whether services with an actionable objective may be scaled down. */
  listActions(
    filter: { gns?: string; service?: string } = {},
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      s.sloActionListSchema,
      `/slo-actions${queryOf({ ...filter })}`,
      signal,
    );
  }
}

function pathOf({ gns, name }: { gns: string; name: string }): string {
  return `/slos/${encodeURIComponent(gns)}/${encodeURIComponent(name)}`;
}
