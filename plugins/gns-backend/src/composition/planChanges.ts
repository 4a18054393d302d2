import {
  canonicalJson,
  conditionKey,
  type Condition,
  type Plan,
} from '@isthmus/plugin-gns-common';
import { by } from './order';
import type {
  ComposedCluster,
  ComposedObject,
  CompositionResult,
} from './types';

type PlanCluster = Plan['clusters'][number];
type PlanObject = PlanCluster['objects'][number];

/** What a change would do to objects and conditions. */
export interface PlannedChanges {
  /** Clusters with something to do or to say, sorted by name. */
  readonly clusters: PlanCluster[];
  /** New conditions that concern no single cluster. */
  readonly conditions: Condition[];
}

/** What differs between two compositions, per cluster. */
export function planChanges(
  before: CompositionResult,
  after: CompositionResult,
): PlannedChanges {
  const fresh = newConditions(before, after);
  const clusters: PlanCluster[] = [];
  const ids = new Set([...before.clusters.keys(), ...after.clusters.keys()]);
  for (const id of ids) {
    const old = before.clusters.get(id);
    const next = after.clusters.get(id);
    const name = (next ?? old)?.name ?? id;
    const objects = changedObjects(old, next);
    const conditions = fresh.filter(c => c.cluster === name);
    if (objects.length > 0 || conditions.length > 0) {
      clusters.push({ cluster: name, objects, conditions });
    }
  }
  return {
    clusters: clusters.sort(by(c => c.cluster)),
    conditions: fresh.filter(c => c.cluster === undefined),
  };
}

function changedObjects(
  before: ComposedCluster | undefined,
  after: ComposedCluster | undefined,
): PlanObject[] {
  const changes: PlanObject[] = [];
  for (const [key, old] of before?.objects ?? []) {
    const next = after?.objects.get(key);
    if (!next) {
      changes.push({
        key,
        gns: old.gns,
        change: 'delete',
        before: old.manifest,
      });
    } else if (!sameManifest(old, next)) {
      changes.push({
        key,
        gns: next.gns,
        change: 'update',
        before: old.manifest,
        after: next.manifest,
      });
    }
  }
  for (const [key, next] of after?.objects ?? []) {
    if (before?.objects.has(key)) continue;
    changes.push({
      key,
      gns: next.gns,
      change: 'create',
      after: next.manifest,
    });
  }
  return changes.sort(by(c => c.key));
}

function sameManifest(a: ComposedObject, b: ComposedObject): boolean {
  return a === b || canonicalJson(a.manifest) === canonicalJson(b.manifest);
}

function newConditions(
  before: CompositionResult,
  after: CompositionResult,
): Condition[] {
  const textOf = (c: Condition) =>
    `${conditionKey(c)} ${c.status} ${c.reason} ${c.message}`;
  const known = new Set(allConditions(before).map(textOf));
  return allConditions(after).filter(c => !known.has(textOf(c)));
}

/** Every condition of a result: global namespaces', then their services'. */
export function allConditions(result: CompositionResult): Condition[] {
  return [...result.globalNamespaces.values()].flatMap(g => [
    ...g.conditions,
    ...g.services.flatMap(s => s.conditions),
  ]);
}
