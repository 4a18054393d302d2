import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import {
  canonicalJson,
  conditionKey,
  type Condition,
} from '@isthmus/plugin-gns-common';
import type { ComposedGlobalNamespace } from '../composition/types';

/** The last composed status of a global namespace, as pages read it on any replica. */
export interface StoredComposition {
  readonly gns: string;
  /** Generation of the definition that was composed. */
  readonly generation: number;
  readonly hash: string;
  readonly composed: ComposedGlobalNamespace;
}

interface CompositionRow {
  gns: string;
  generation: number | string;
  hash: string;
  result: string;
}

/** Reads stored compositions, parsed once per version. */
export class StoredCompositions {
  readonly #parsed = new Map<string, StoredComposition>();

  async load(trx: Knex): Promise<Map<string, StoredComposition>> {
    const heads: Pick<CompositionRow, 'gns' | 'generation' | 'hash'>[] =
      await trx('gns_compositions').select('gns', 'generation', 'hash');
    const loaded = new Map<string, StoredComposition>();
    for (const { gns, generation, hash } of heads) {
      let parsed = this.#parsed.get(gns);
      if (parsed?.hash !== hash || parsed.generation !== Number(generation)) {
        const row: CompositionRow | undefined = await trx('gns_compositions')
          .where({ gns })
          .first();
        if (!row) continue;
        parsed = {
          gns,
          generation: Number(row.generation),
          hash: row.hash,
          composed: JSON.parse(row.result),
        };
        this.#parsed.set(gns, parsed);
      }
      loaded.set(gns, parsed);
    }
    for (const gns of this.#parsed.keys()) {
      if (!loaded.has(gns)) this.#parsed.delete(gns);
    }
    return loaded;
  }
}

function since(
  conditions: readonly Condition[],
  before: ReadonlyMap<string, Condition>,
  now: string,
): Condition[] {
  return conditions.map(condition => {
    const old = before.get(conditionKey(condition));
    return {
      ...condition,
      lastTransitionTime:
        old?.status === condition.status && old.lastTransitionTime
          ? old.lastTransitionTime
          : now,
    };
  });
}

/** Dates the conditions: a time changes only when the status does. Pure. */
export function withTransitions(
  composed: ComposedGlobalNamespace,
  before: ComposedGlobalNamespace | undefined,
  now: number,
): ComposedGlobalNamespace {
  const known = new Map(
    [
      ...(before?.conditions ?? []),
      ...(before?.services ?? []).flatMap(s => s.conditions),
    ].map(c => [conditionKey(c), c]),
  );
  const at = new Date(now).toISOString();
  return {
    ...composed,
    conditions: since(composed.conditions, known, at),
    services: composed.services.map(service => ({
      ...service,
      conditions: since(service.conditions, known, at),
    })),
  };
}

/** Writes those that changed, and removes those whose definition is gone. @returns names that changed */
export async function writeCompositions(
  trx: Knex,
  before: ReadonlyMap<string, StoredComposition>,
  after: ReadonlyMap<
    string,
    { generation: number; composed: ComposedGlobalNamespace }
  >,
  now: number,
): Promise<Set<string>> {
  const changed = new Set<string>();
  for (const [gns, { generation, composed }] of after) {
    const old = before.get(gns);
    const dated = withTransitions(composed, old?.composed, now);
    const result = canonicalJson(dated);
    const hash = createHash('sha256').update(result).digest('hex');
    if (old?.hash === hash && old.generation === generation) continue;
    changed.add(gns);
    const row = {
      generation,
      hash,
      result,
      composed_at: new Date(now).toISOString(),
    };
    await trx('gns_compositions')
      .insert({ gns, ...row })
      .onConflict('gns')
      .merge(row);
  }
  for (const gns of before.keys()) {
    if (after.has(gns)) continue;
    changed.add(gns);
    await trx('gns_compositions').where({ gns }).delete();
  }
  return changed;
}
