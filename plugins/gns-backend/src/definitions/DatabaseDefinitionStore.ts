import type { Knex } from 'knex';
import { CustomErrorBase, NotFoundError } from '@backstage/errors';
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import {
  canonicalJson,
  formatRef,
  refOf,
  type AuditEntry,
  type Definition,
  type DefinitionRef,
  type Revision,
} from '@isthmus/plugin-gns-common';
import type { DefinitionFilter } from '@isthmus/plugin-gns-node';
import { isPostgres } from '../database/dialect';
import { inTransaction } from '../database/inTransaction';
import { confirmPlan } from '../plans/PlanStore';
import { appendAudit, lockAuditHead } from './appendAudit';
import { AuditVerifier } from './AuditVerifier';
import { assertPrecondition } from './assertPrecondition';
import { toRecord } from './definitionRecord';
import type {
  AuditInput,
  DefinitionRecord,
  DefinitionStore,
  Precondition,
  WriteContext,
} from './DefinitionStore';
import { whereMatches } from './matchesCriteria';
import { documentHash, readRevisions } from './readRevisions';
import type {
  AuditHeadRow,
  AuditRow,
  DefinitionRow,
  RevisionRow,
} from './tables';

const DEFAULT_REVISIONS = 100;

/** Another definition changed between a check and the write that relies on it: check again. */
export class DefinitionsChangedError extends CustomErrorBase {
  name = 'DefinitionsChangedError' as const;
  readonly statusCode = 409;
}

/** A write that relies on a check of all definitions. */
export interface CheckedWriteContext extends WriteContext {
  /** {@link DatabaseDefinitionStore.basis} before the check. */
  basis?: number;
  /** Write as part of this transaction. */
  trx?: Knex.Transaction;
}

/** Refuses a write inside its transaction, by throwing. */
export type WriteGuard = (
  trx: Knex,
  ref: string,
  context: Pick<WriteContext, 'rollout'>,
) => Promise<void>;

/** Definitions in the plugin's database; the tables are in `migrations/`. */
export class DatabaseDefinitionStore implements DefinitionStore {
  readonly #knex: Knex;
  readonly #now: () => Date;
  readonly #guard: WriteGuard | undefined;
  readonly #verifier: AuditVerifier;

  private constructor(knex: Knex, now: () => Date, guard?: WriteGuard) {
    this.#knex = knex;
    this.#now = now;
    this.#guard = guard;
    this.#verifier = AuditVerifier.create({ knex, now });
  }

  /** `knex` is the plugin's migrated database; `now` is for tests. */
  static create(options: { knex: Knex; now?: () => Date; guard?: WriteGuard }) {
    return new DatabaseDefinitionStore(
      options.knex,
      options.now ?? (() => new Date()),
      options.guard,
    );
  }

  async list(
    filter: {
      kind?: string;
      gns?: string;
      after?: DefinitionRef;
      limit?: number;
      matching?: PermissionCriteria<DefinitionFilter>;
      trx?: Knex;
    } = {},
  ): Promise<DefinitionRecord[]> {
    const knex = filter.trx ?? this.#knex;
    const query = knex<DefinitionRow>('gns_definitions').orderBy([
      'kind',
      'gns',
      'name',
    ]);
    if (filter.kind !== undefined) query.where('kind', filter.kind);
    if (filter.gns !== undefined) query.where('gns', filter.gns);
    if (filter.after) {
      const { kind, gns, name } = filter.after;
      query.whereRaw('(kind, gns, name) > (?, ?, ?)', [kind, gns ?? '', name]);
    }
    if (filter.matching) whereMatches(query, filter.matching);
    if (filter.limit !== undefined) query.limit(filter.limit);
    const rows: DefinitionRow[] = await query;
    return rows.map(toRecord);
  }

  async get(
    ref: DefinitionRef,
    trx?: Knex,
  ): Promise<DefinitionRecord | undefined> {
    const row = await (trx ?? this.#knex)<DefinitionRow>('gns_definitions')
      .where('ref', formatRef(ref))
      .first();
    return row && toRecord(row);
  }

  /**
   * A number that grows with every change of any definition. Read it before a
   * check of definitions against each other, and hand it to the write: the
   * write is refused when another one came between.
   */
  async basis(): Promise<number> {
    const row = await this.#knex<AuditHeadRow>('gns_audit_head')
      .where({ id: 1 })
      .first();
    return Number(row?.definitions_seq ?? 0);
  }

  /**
   * @throws PreconditionFailedError when the precondition does not hold
   * @throws DefinitionsChangedError when `context.basis` is outdated
   * @throws PlanMismatchError when `context.plan` is the plan of something else
   */
  async put(
    definition: Definition,
    precondition: Precondition,
    context: CheckedWriteContext,
  ): Promise<{
    result: 'created' | 'updated' | 'unchanged';
    record: DefinitionRecord;
  }> {
    const ref = refOf(definition);
    const document = canonicalJson(definition);
    return this.#within(context, async trx => {
      const row = await lockDefinition(trx, formatRef(ref));
      assertPrecondition(ref, row && Number(row.generation), precondition);
      if (row && canonicalJson(JSON.parse(row.document)) === document) {
        return { result: 'unchanged', record: toRecord(row) };
      }
      await this.#guard?.(trx, formatRef(ref), context);
      const written = await this.#writeRevision(trx, {
        ref,
        action: row ? 'update' : 'create',
        generation: row
          ? Number(row.generation) + 1
          : await nextGeneration(trx, formatRef(ref)),
        document,
        context,
      });
      const changed = {
        owner: definition.metadata.owner?.toLowerCase() ?? '',
        generation: written.generation,
        document,
        updated_at: written.at,
        updated_by: context.actor,
      };
      const next: DefinitionRow = row
        ? { ...row, ...changed }
        : {
            ...changed,
            ref: formatRef(ref),
            kind: ref.kind,
            gns: ref.gns ?? '',
            name: ref.name,
            created_order: written.seq,
            created_at: written.at,
          };
      if (row) {
        await trx<DefinitionRow>('gns_definitions')
          .where({ ref: row.ref })
          .update(changed);
      } else {
        await trx<DefinitionRow>('gns_definitions').insert(next);
      }
      await context.together?.(trx, {
        generation: written.generation,
        former: row && toRecord(row),
      });
      return { result: row ? 'updated' : 'created', record: toRecord(next) };
    });
  }

  /**
   * @throws NotFoundError when there is none
   * @throws PreconditionFailedError when it has another generation
   * @throws DefinitionsChangedError when `context.basis` is outdated
   */
  async delete(
    ref: DefinitionRef,
    generation: number,
    context: CheckedWriteContext,
  ): Promise<void> {
    await this.#within(context, async trx => {
      const row = await lockDefinition(trx, formatRef(ref));
      if (!row) throw new NotFoundError(`There is no ${formatRef(ref)}`);
      assertPrecondition(ref, Number(row.generation), {
        type: 'generation',
        generation,
      });
      await this.#guard?.(trx, formatRef(ref), context);
      const written = await this.#writeRevision(trx, {
        ref,
        action: 'delete',
        generation: Number(row.generation) + 1,
        document: null,
        context,
      });
      await trx<DefinitionRow>('gns_definitions')
        .where({ ref: row.ref })
        .delete();
      await context.together?.(trx, {
        generation: written.generation,
        former: toRecord(row),
      });
    });
  }

  /** A transaction of its own, tried again when it loses a race, or the caller's. */
  #within<T>(
    { trx }: CheckedWriteContext,
    work: (trx: Knex.Transaction) => Promise<T>,
  ): Promise<T> {
    return trx ? work(trx) : inTransaction(this.#knex, work);
  }

  /** One page, newest first; `before` is the oldest generation of the page before. */
  async revisions(
    ref: DefinitionRef,
    page: { before?: number; limit?: number } = {},
  ): Promise<{ items: Revision[]; intact: boolean; more: boolean }> {
    const { items, agree, more } = await readRevisions(
      this.#knex,
      formatRef(ref),
      { before: page.before, limit: page.limit ?? DEFAULT_REVISIONS },
    );
    // Recomputing costs: nobody makes us do it for names that never were.
    const intact =
      items.length === 0 || (agree && (await this.#verifier.isIntact()));
    return { items, intact, more };
  }

  /** Who wrote after this generation, newest first, at most 20, and what it said then; undefined: no such generation. */
  async since(
    ref: DefinitionRef,
    generation: number,
  ): Promise<{
    then: Definition | undefined;
    writes: Omit<RevisionRow, 'ref' | 'document' | 'audit_seq'>[];
  }> {
    const rows: RevisionRow[] = await this.#knex<RevisionRow>('gns_revisions')
      .where('ref', formatRef(ref))
      .andWhere('generation', '>', generation)
      .orderBy('generation', 'desc')
      .limit(20);
    const then = await this.#knex<RevisionRow>('gns_revisions')
      .where({ ref: formatRef(ref), generation })
      .first();
    return {
      then: then?.document ? JSON.parse(then.document) : undefined,
      writes: rows.map(row => ({
        generation: Number(row.generation),
        action: row.action,
        actor: row.actor,
        at: row.at,
        message: row.message,
      })),
    };
  }

  /** The definition as it stands, or as it stood last before its deletion. */
  async lastState(ref: DefinitionRef): Promise<Definition | undefined> {
    const row = await this.#knex<RevisionRow>('gns_revisions')
      .where('ref', formatRef(ref))
      .whereNotNull('document')
      .orderBy('generation', 'desc')
      .first();
    return row?.document ? (JSON.parse(row.document) as Definition) : undefined;
  }

  async audit(entry: AuditInput, trx?: Knex): Promise<void> {
    const append = async (within: Knex) => {
      await appendAudit(
        within,
        await lockAuditHead(within),
        entry,
        this.#now().toISOString(),
        { changesDefinitions: false },
      );
    };
    await (trx ? append(trx) : inTransaction(this.#knex, append));
  }

  async listAudit(options: {
    subject?: string;
    before?: number;
    limit: number;
  }): Promise<AuditEntry[]> {
    const query = this.#knex<AuditRow>('gns_audit')
      .orderBy('seq', 'desc')
      .limit(options.limit);
    if (options.subject !== undefined) query.where('subject', options.subject);
    if (options.before !== undefined) query.where('seq', '<', options.before);
    const rows: AuditRow[] = await query;
    return rows.map(({ seq, at, actor, action, subject, message, hash }) => ({
      id: Number(seq),
      at,
      actor,
      action,
      subject,
      message,
      hash,
    }));
  }

  /** The part that every write shares: audit entry, revision, confirmed plan. */
  async #writeRevision(
    trx: Knex.Transaction,
    change: {
      ref: DefinitionRef;
      action: RevisionRow['action'];
      generation: number;
      document: string | null;
      context: CheckedWriteContext;
    },
  ): Promise<{ generation: number; seq: number; at: string }> {
    const { action, generation, document, context } = change;
    const ref = formatRef(change.ref);
    const now = this.#now();
    const at = now.toISOString();
    const head = await lockAuditHead(trx);
    if (context.basis !== undefined && context.basis !== head.definitionsSeq) {
      throw new DefinitionsChangedError(
        `Another definition was changed while ${ref} was checked. Send the request again.`,
      );
    }
    const { seq } = await appendAudit(
      trx,
      head,
      {
        actor: context.actor,
        action: `definition.${action}`,
        subject: ref,
        message: context.message,
        details: {
          generation,
          document: documentHash(document),
          ...(context.plan ? { plan: context.plan } : {}),
        },
      },
      at,
      { changesDefinitions: true },
    );
    await trx<RevisionRow>('gns_revisions').insert({
      ref,
      generation,
      action,
      actor: context.actor,
      at,
      message: context.message,
      document,
      audit_seq: seq,
    });
    if (context.plan) {
      await confirmPlan(trx, {
        hash: context.plan,
        ref,
        document,
        generation,
        actor: context.actor,
        now: now.getTime(),
      });
    }
    return { generation, seq, at };
  }
}

async function lockDefinition(
  trx: Knex.Transaction,
  ref: string,
): Promise<DefinitionRow | undefined> {
  // SQLite has one writer at a time: it becomes it before it reads.
  if (!isPostgres(trx)) {
    await trx<AuditHeadRow>('gns_audit_head')
      .where({ id: 1 })
      .update({ id: 1 });
  }
  return trx<DefinitionRow>('gns_definitions')
    .where({ ref })
    .forUpdate()
    .first();
}

/** A definition that comes back after its deletion goes on counting. */
async function nextGeneration(
  trx: Knex.Transaction,
  ref: string,
): Promise<number> {
  const row = await trx<RevisionRow>('gns_revisions')
    .where({ ref })
    .orderBy('generation', 'desc')
    .first();
  return Number(row?.generation ?? 0) + 1;
}
