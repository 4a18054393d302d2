import { z } from 'zod';
import { KubeObject } from '../../kube/KubeApi';
import { labelMap } from '../../inventory/shapes';

/** Kinds that can be restarted by a change of their pods' template. */
export const RESTARTABLE = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
export type RestartableKind = (typeof RESTARTABLE)[number];

const countOrShare = z.union([z.number(), z.string()]).nullish();

const workloadShape = z.looseObject({
  metadata: z.looseObject({ generation: z.number().nullish() }),
  spec: z.looseObject({
    paused: z.boolean().nullish(),
    replicas: z.number().nullish(),
    /** Deployment. */
    strategy: z
      .looseObject({
        type: z.string().nullish(),
        rollingUpdate: z
          .looseObject({ maxUnavailable: countOrShare })
          .nullish(),
      })
      .nullish(),
    /** StatefulSet, DaemonSet. */
    updateStrategy: z
      .looseObject({
        type: z.string().nullish(),
        rollingUpdate: z
          .looseObject({
            maxUnavailable: countOrShare,
            partition: z.number().nullish(),
          })
          .nullish(),
      })
      .nullish(),
    template: z.looseObject({
      metadata: z
        .looseObject({ labels: labelMap, annotations: labelMap })
        .nullish(),
    }),
  }),
  status: z
    .looseObject({
      observedGeneration: z.number().nullish(),
      replicas: z.number().nullish(),
      updatedReplicas: z.number().nullish(),
      availableReplicas: z.number().nullish(),
      readyReplicas: z.number().nullish(),
      desiredNumberScheduled: z.number().nullish(),
      updatedNumberScheduled: z.number().nullish(),
      numberAvailable: z.number().nullish(),
    })
    .nullish(),
});
export type Workload = z.infer<typeof workloadShape>;

export function readWorkload(object: KubeObject): Workload | undefined {
  return workloadShape.safeParse(object).data;
}

const budgetShape = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    selector: z
      .looseObject({
        matchLabels: labelMap,
        matchExpressions: z
          .array(
            z.looseObject({
              key: z.string(),
              operator: z.string(),
              values: z.array(z.string()).nullish(),
            }),
          )
          .nullish(),
      })
      .nullish(),
  }),
  status: z.looseObject({ disruptionsAllowed: z.number().nullish() }).nullish(),
});
export type Budget = z.infer<typeof budgetShape>;

export function readBudget(object: KubeObject): Budget | undefined {
  return budgetShape.safeParse(object).data;
}

/** Whether every pod is of the newest template and takes calls. */
export function isRolledOut(
  kind: RestartableKind,
  workload: Workload,
): boolean {
  const status = workload.status ?? {};
  const wanted =
    kind === 'DaemonSet'
      ? status.desiredNumberScheduled ?? 0
      : workload.spec.replicas ?? 1;
  if ((status.observedGeneration ?? 0) < (workload.metadata.generation ?? 0)) {
    return false;
  }
  if (kind === 'DaemonSet') {
    return (
      (status.updatedNumberScheduled ?? 0) >= wanted &&
      (status.numberAvailable ?? 0) >= wanted
    );
  }
  const available =
    kind === 'Deployment' ? status.availableReplicas : status.readyReplicas;
  return (
    (status.updatedReplicas ?? 0) >= wanted &&
    (status.replicas ?? 0) <= wanted &&
    (available ?? 0) >= wanted
  );
}

/**
 * Why a workload may not be restarted now, for people; undefined: it may. A
 * roll-out takes pods away as its own strategy says and asks no budget: so the
 * budgets must leave room for all that it may take. Pure.
 */
export function hindrance(
  kind: RestartableKind,
  workload: Workload,
  budgets: readonly Budget[],
): string | undefined {
  const { spec } = workload;
  if (spec.paused) return 'its roll-outs are paused';
  const strategy =
    (kind === 'Deployment' ? spec.strategy : spec.updateStrategy) ?? {};
  if (strategy.type === 'Recreate') {
    return 'its strategy Recreate takes all pods away at once; restart it by hand';
  }
  if (strategy.type === 'OnDelete') {
    return 'its strategy OnDelete restarts nothing by itself; delete its pods by hand';
  }
  const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  if (kind === 'StatefulSet' && partition > 0) {
    return `its partition ${partition} keeps pods from being restarted`;
  }
  if (!isRolledOut(kind, workload)) return 'a roll-out of it is under way';
  const takes = maxUnavailable(kind, workload);
  const labels = spec.template.metadata?.labels ?? {};
  const tight = budgets.find(
    budget =>
      selects(budget, labels) &&
      (budget.status?.disruptionsAllowed ?? 0) < Math.max(1, takes),
  );
  if (!tight) return undefined;
  return `the PodDisruptionBudget ${tight.metadata.name} allows ${
    tight.status?.disruptionsAllowed ?? 0
  } pods to be away, its roll-out may take ${Math.max(1, takes)}`;
}

/** Pods that a roll-out may take away at once. */
function maxUnavailable(kind: RestartableKind, workload: Workload): number {
  const { spec, status } = workload;
  const replicas =
    kind === 'DaemonSet'
      ? status?.desiredNumberScheduled ?? 0
      : spec.replicas ?? 1;
  const update =
    kind === 'Deployment'
      ? spec.strategy?.rollingUpdate
      : spec.updateStrategy?.rollingUpdate;
  const value = update?.maxUnavailable ?? (kind === 'Deployment' ? '25%' : 1);
  if (typeof value === 'number') return value;
  const share = /^(\d{1,3})%$/.exec(value)?.[1];
  // Deployments round down, DaemonSets up.
  const exact = (Number(share ?? 100) / 100) * replicas;
  return kind === 'Deployment' ? Math.floor(exact) : Math.ceil(exact);
}

function selects(
  budget: Budget,
  labels: Readonly<Record<string, string>>,
): boolean {
  const { selector } = budget.spec;
  // policy/v1: an absent selector chooses nothing, an empty one everything.
  if (!selector) return false;
  const equal = Object.entries(selector.matchLabels ?? {}).every(
    ([key, value]) => labels[key] === value,
  );
  return (
    equal &&
    (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
      const has = Object.hasOwn(labels, key);
      switch (operator) {
        case 'In':
          return has && (values ?? []).includes(labels[key]);
        case 'NotIn':
          return !has || !(values ?? []).includes(labels[key]);
        case 'Exists':
          return has;
        case 'DoesNotExist':
          return !has;
        default:
          // Not understood: as if it chose the pods, which is the careful way.
          return true;
      }
    })
  );
}
