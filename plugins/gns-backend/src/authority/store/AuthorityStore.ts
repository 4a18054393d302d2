import type { Knex } from 'knex';
import { inTransaction } from '../../database/inTransaction';
import { lockHub, type HubState } from '../../delivery/hubState';
import {
  bumpAuthorityRevision,
  readAuthorities,
  type Authority,
} from './authorityRows';
import { alignBundle } from './writeAuthority';

/** Authorities in the database; every change is made under the lock of the hub's row, so one at a time among replicas. */
export class AuthorityStore {
  constructor(readonly knex: Knex) {}

  async read(gns: string): Promise<Authority | undefined> {
    return (await readAuthorities(this.knex)).get(gns);
  }

  async list(): Promise<Authority[]> {
    return [...(await readAuthorities(this.knex)).values()];
  }

  /**
   * Changes one authority; its bundle follows in the same transaction. `work`
   * may run again when it lost a race.
   */
  change<T>(
    gns: string,
    work: (
      trx: Knex.Transaction,
      authority: Authority | undefined,
      hub: HubState,
    ) => Promise<T>,
  ): Promise<T> {
    return inTransaction(this.knex, async trx => {
      const hub = await lockHub(trx);
      const before = (await readAuthorities(trx)).get(gns);
      const result = await work(trx, before, hub);
      const after = (await readAuthorities(trx)).get(gns);
      if (after) await alignBundle(trx, after);
      await bumpAuthorityRevision(trx);
      return result;
    });
  }
}
