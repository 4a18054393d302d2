import type { Audit } from '../members/enrolment';
import { notFound, type Act } from './RotationService';
import type { AuthorityStore } from './store/AuthorityStore';

/** What people decide on how members join and leave. */
export class TransitionService {
  readonly #store: AuthorityStore;
  readonly #audit: Audit;

  constructor(options: { store: AuthorityStore; audit: Audit }) {
    this.#store = options.store;
    this.#audit = options.audit;
  }

  /** What is left out stays as it is. */
  async decide(
    gns: string,
    decision: {
      paused?: boolean;
      waivedCallers?: readonly string[];
      waiveUnmeasured?: boolean;
    },
    act: Act,
  ): Promise<void> {
    const { paused, waivedCallers, waiveUnmeasured } = decision;
    const columns = {
      ...(paused === undefined ? {} : { transition_paused: paused ? 1 : 0 }),
      ...(waivedCallers === undefined
        ? {}
        : {
            waived_callers: JSON.stringify([...new Set(waivedCallers)].sort()),
          }),
      ...(waiveUnmeasured === undefined
        ? {}
        : { callers_waived: waiveUnmeasured ? 1 : 0 }),
    };
    await this.#store.change(gns, async (trx, authority) => {
      if (!authority) throw notFound(gns);
      if (Object.keys(columns).length === 0) return;
      await trx('gns_authorities').where({ gns }).update(columns);
      await this.#audit(
        {
          actor: act.actor,
          action: 'authority-transition',
          subject: `authority:${gns}`,
          message: act.message,
          details: { paused, waivedCallers, waiveUnmeasured },
        },
        trx,
      );
    });
  }
}
