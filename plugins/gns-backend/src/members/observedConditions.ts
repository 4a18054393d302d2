import type { Condition, ObjectStatus } from '@isthmus/plugin-gns-common';
import type { FullObservation } from './readObservations';

/** A member cluster with what it last reported. */
export interface ObservedCluster {
  readonly cluster: { readonly name: string };
  readonly observed: FullObservation | undefined;
}

const TROUBLE: Record<
  ObjectStatus['state'],
  Pick<Condition, 'severity' | 'reason'> | undefined
> = {
  applied: undefined,
  deleted: undefined,
  failed: { severity: 'error', reason: 'Failed' },
  conflict: { severity: 'error', reason: 'Conflict' },
  refused: { severity: 'error', reason: 'Refused' },
  paused: { severity: 'info', reason: 'Paused' },
};

/** What a controller said of objects that are not applied, as conditions. */
export function objectConditions({
  cluster,
  observed,
}: ObservedCluster): Condition[] {
  return (observed?.objectStates ?? []).flatMap(
    ({ key, gns, state, message }) => {
      const trouble = TROUBLE[state];
      return trouble
        ? [
            {
              type: 'Applied',
              status: 'False' as const,
              ...trouble,
              message: message ?? `The object is ${state}`,
              gns,
              cluster: cluster.name,
              object: key,
            },
          ]
        : [];
    },
  );
}

/** The controller's own conditions, under the name that the hub knows it by. */
export function reportedConditions({
  cluster,
  observed,
}: ObservedCluster): Condition[] {
  return (observed?.conditions ?? []).map(c => ({
    ...c,
    cluster: cluster.name,
  }));
}
