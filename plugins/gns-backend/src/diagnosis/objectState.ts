import type { Evidence } from '@isthmus/plugin-gns-common';
import { reported } from './link';
import type { Side, ToldObject } from './types';

/** How far an object that a cluster was told to have is. */
export type ObjectProgress =
  | { readonly state: 'applied' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'pending' }
  /** The cluster is paused: it will not come before it is resumed. */
  | { readonly state: 'paused' }
  /** The cluster is silent: nobody can say. */
  | { readonly state: 'unknown' };

export function isPaused(side: Side, gns: string, gnsPaused: boolean): boolean {
  const locally = side.observed?.pausedLocally ?? [];
  return (
    gnsPaused || side.paused || locally.includes('*') || locally.includes(gns)
  );
}

/** What the cluster's last report says of the object. */
export function progressOf(
  side: Side,
  object: ToldObject,
  context: { gns: string; gnsPaused: boolean; term: number },
): ObjectProgress {
  const said = side.observed?.objectStates.find(o => o.key === object.key);
  if (said?.state === 'paused') return { state: 'paused' };
  if (said && said.state !== 'applied') {
    return {
      state: 'failed',
      message: said.message ?? `the object is ${said.state}`,
    };
  }
  const applied = side.observed?.appliedEpoch;
  if (applied?.term === context.term && applied.n >= object.changedN) {
    return { state: 'applied' };
  }
  if (isPaused(side, context.gns, context.gnsPaused)) {
    return { state: 'paused' };
  }
  return { state: side.coverage.state === 'ok' ? 'pending' : 'unknown' };
}

const WORDS: Record<ObjectProgress['state'], string> = {
  applied: 'applied',
  failed: 'not applied',
  pending: 'sent, not applied yet',
  paused: 'held back: paused',
  unknown: 'not known to be applied: the cluster is silent',
};

export function objectEvidence(
  side: Side,
  key: string,
  progress: ObjectProgress,
): Evidence {
  return reported(
    side,
    key,
    progress.state === 'failed'
      ? `${WORDS.failed}: ${progress.message}`
      : WORDS[progress.state],
  );
}

/** How to let what is paused go on. */
export function resumeRemedy(
  side: Side,
  gns: string,
  gnsPaused: boolean,
): string {
  if (gnsPaused) {
    return `Resume the global namespace ${gns} (POST global-namespaces/${gns}/resume).`;
  }
  return side.paused
    ? `Resume the cluster ${side.name} (POST clusters/${side.name}/resume).`
    : `Take the annotation gns.isthmus.dev/paused from the controller's Deployment and namespace in ${side.name}.`;
}
