import type { z } from 'zod';
import { queryOf, type RestTransport } from '../rest/RestTransport';
import {
  rolloutListSchema,
  rolloutSchema,
  type createRolloutRequestSchema,
  type Rollout,
  type RolloutAction,
} from './schemas';

/** Client of `/v1/rollouts`. */
export class RolloutsClient {
  readonly #rest: RestTransport;

  constructor(rest: RestTransport) {
    this.#rest = rest;
  }

  /** Writes a definition, or deletes it, and brings it to the clusters as the strategy says. */
  create(
    request: z.input<typeof createRolloutRequestSchema>,
  ): Promise<Rollout> {
    return this.#rest.post(rolloutSchema, '/rollouts', request);
  }

  list(
    options: { gns?: string; state?: 'active' | 'all' } = {},
    signal?: AbortSignal,
  ) {
    return this.#rest.read(
      rolloutListSchema,
      `/rollouts${queryOf(options)}`,
      signal,
    );
  }

  get(id: string, signal?: AbortSignal) {
    return this.#rest.read(
      rolloutSchema,
      `/rollouts/${encodeURIComponent(id)}`,
      signal,
    );
  }

  /** `version`: what you saw; needed by resume and advance. */
  decide(
    id: string,
    action: RolloutAction,
    decision: { version?: number; reason?: string } = {},
  ): Promise<Rollout> {
    return this.#rest.post(
      rolloutSchema,
      `/rollouts/${encodeURIComponent(id)}/${action}`,
      decision,
    );
  }
}
