import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { PlanMismatchError } from '../service/errors';
import type { LossRow, PlannedLoss } from './losses';

/** A plan can be confirmed this long after it was made, milliseconds. */
export const PLAN_VALID_MS = 2 * 60 * 60 * 1000;

/** What a confirmed plan announced passes this long, milliseconds. */
export const CONFIRMED_PLAN_MS = 60 * 60 * 1000;

/** What a plan was made of, and what it announced. */
export interface RememberedPlan {
  readonly hash: string;
  /** By reference: the canonical JSON of what is to be written; null: to be deleted. */
  readonly documents: ReadonlyMap<string, string | null>;
  readonly losses: readonly PlannedLoss[];
}

interface PlanRow {
  hash: string;
  documents: string | null;
  losses: string | null;
  created_at: string;
}

interface ConfirmationRow {
  hash: string;
  subject: string;
  generation: number;
  confirmed_at: number | string;
}

/** Empty for a deletion, which no document has. */
function hashOf(document: string | null): string {
  return document === null
    ? ''
    : createHash('sha256').update(document, 'utf8').digest('hex');
}

/** Keeps a plan, so that its hash lets exactly what it announced pass; forgets old ones. */
export async function rememberPlan(
  knex: Knex,
  plan: RememberedPlan,
  now: number,
): Promise<void> {
  const old = now - PLAN_VALID_MS - CONFIRMED_PLAN_MS;
  await knex('gns_plans')
    .where('created_at', '<', new Date(old).toISOString())
    .delete();
  await knex('gns_plan_confirmations').where('confirmed_at', '<', old).delete();
  const row = {
    // Read by the version before this one, which tied plans to no document.
    deletions: '[]',
    documents: JSON.stringify(
      Object.fromEntries(
        [...plan.documents].map(([ref, document]) => [ref, hashOf(document)]),
      ),
    ),
    losses: JSON.stringify(
      plan.losses.map(({ clusterId, key, gns }) => [clusterId, key, gns]),
    ),
    created_at: new Date(now).toISOString(),
  };
  await knex('gns_plans')
    .insert({ hash: plan.hash, ...row })
    .onConflict('hash')
    .merge(row);
}

/**
 * Notes that a write confirms a plan: in the transaction of the write, and only
 * when the plan showed that very document for that very definition.
 * @throws PlanMismatchError (409) for a plan of something else, or none
 */
export async function confirmPlan(
  trx: Knex,
  write: {
    hash: string;
    ref: string;
    /** Canonical JSON; null: a deletion. */
    document: string | null;
    generation: number;
    actor: string;
    now: number;
  },
): Promise<void> {
  const plan = await findPlan(trx, write.hash, write.now);
  const documents: Record<string, string> = JSON.parse(plan.documents ?? '{}');
  if (
    !Object.hasOwn(documents, write.ref) ||
    documents[write.ref] !== hashOf(write.document)
  ) {
    throw new PlanMismatchError(
      `The confirmed plan shows another change than the one of ${write.ref} that was sent. Plan what you are going to write, and confirm that.`,
      'otherDefinition',
    );
  }
  await noteConfirmation(trx, write.hash, write.ref, write);
}

/**
 * Notes that an action on a cluster confirms what its consequences announced.
 * @throws PlanMismatchError (409)
 */
export async function confirmAction(
  trx: Knex,
  action: { hash: string; subject: string; actor: string; now: number },
): Promise<void> {
  const plan = await findPlan(trx, action.hash, action.now);
  const documents: Record<string, string> = JSON.parse(plan.documents ?? '{}');
  if (!Object.hasOwn(documents, action.subject)) {
    throw new PlanMismatchError(
      `The confirmed consequences are those of another action. Read them again, and confirm those.`,
      'otherDefinition',
    );
  }
  await noteConfirmation(trx, action.hash, action.subject, {
    ...action,
    generation: 0,
  });
}

async function findPlan(
  trx: Knex,
  hash: string,
  now: number,
): Promise<PlanRow> {
  const plan: PlanRow | undefined = await trx('gns_plans')
    .where({ hash })
    .first();
  const expired =
    plan !== undefined && Date.parse(plan.created_at) < now - PLAN_VALID_MS;
  if (!plan || plan.documents === null || expired) {
    throw new PlanMismatchError(
      'The confirmed plan is not known, or older than two hours. Plan again, and confirm the new one.',
      'unknown',
    );
  }
  return plan;
}

async function noteConfirmation(
  trx: Knex,
  hash: string,
  subject: string,
  by: { generation: number; actor: string; now: number },
): Promise<void> {
  const row = {
    generation: by.generation,
    confirmed_at: by.now,
    confirmed_by: by.actor,
  };
  await trx('gns_plan_confirmations')
    .insert({ hash, subject, ...row })
    .onConflict(['hash', 'subject'])
    .merge(row);
}

/** The global namespace that a reference is or belongs to. */
function gnsOf(ref: string): string {
  return ref.slice(ref.indexOf(':') + 1).split('/')[0];
}

/**
 * Losses that confirmed plans announced: `<cluster id>/<key>` → hash of the
 * plan. They pass for the global namespaces whose definitions the plan's write
 * left as they stand; all of them once all of the plan is written.
 */
export async function readAnnounced(
  trx: Knex,
  now: number,
): Promise<Map<string, string>> {
  const confirmations: ConfirmationRow[] = await trx('gns_plan_confirmations')
    .where('confirmed_at', '>', now - CONFIRMED_PLAN_MS)
    .orderBy('confirmed_at');
  const announced = new Map<string, string>();
  if (confirmations.length === 0) return announced;
  const rows: { ref: string; generation: number | string }[] = await trx(
    'gns_definitions',
  )
    .whereIn('ref', [...new Set(confirmations.map(c => c.subject))])
    .select('ref', 'generation');
  const generations = new Map(rows.map(r => [r.ref, Number(r.generation)]));
  const plans: PlanRow[] = await trx('gns_plans').whereIn('hash', [
    ...new Set(confirmations.map(c => c.hash)),
  ]);
  for (const plan of plans) {
    const documents: Record<string, string> = JSON.parse(
      plan.documents ?? '{}',
    );
    const standing = new Set(
      confirmations
        .filter(c => c.hash === plan.hash)
        .filter(c => {
          const current = generations.get(c.subject);
          return documents[c.subject] === '' || Number(c.generation) === 0
            ? current === undefined
            : current === Number(c.generation);
        })
        .map(c => c.subject),
    );
    const whole = Object.keys(documents).every(ref => standing.has(ref));
    const names = new Set([...standing].map(gnsOf));
    const losses: LossRow[] = JSON.parse(plan.losses ?? '[]');
    for (const [clusterId, key, gns] of losses) {
      if (whole || names.has(gns)) {
        announced.set(`${clusterId}/${key}`, plan.hash);
      }
    }
  }
  return announced;
}
