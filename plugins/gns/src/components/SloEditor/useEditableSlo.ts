import { type StoredDefinition } from '@isthmus/plugin-gns-common';
import { type Draft, type Drafts } from '../../editing/drafts';
import { useDrafts } from '../../editing/useDrafts';
import { type Live, useLive } from '../../live/useLive';
import {
  type InForce,
  inForceOf,
  useDraft,
} from '../DefinitionEditor/useEditable';
import { readProblem } from '../state/readProblem';

export const SLO_KIND = 'ServiceLevelObjective';

/** Key of the draft of an objective; without a name, of a new one. */
export function draftSubject(gns: string, name = ''): string {
  return `${SLO_KIND}:${gns}/${name}`;
}

/** An objective with what somebody had begun to write over it. */
export interface EditableSlo {
  live: Live<StoredDefinition>;
  inForce?: InForce;
  isGone: boolean;
  drafts?: Drafts;
  draft?: Draft | null;
}

/** Reads the definition of an objective, keeps it current, and looks for a draft of it. */
export function useEditableSlo(gns: string, name: string): EditableSlo {
  const live = useLive(
    `definition/${SLO_KIND}/${gns}/${name}`,
    (api, signal) => api.getDefinition({ kind: SLO_KIND, gns, name }, signal),
    { topics: ['definitions'], gns },
  );
  const drafts = useDrafts();
  const draft = useDraft(drafts, draftSubject(gns, name));
  const isGone =
    live.value !== undefined &&
    live.error !== undefined &&
    readProblem(live.error) === 'missing';
  return {
    live,
    inForce: isGone || !live.value ? undefined : inForceOf(live.value),
    isGone,
    drafts,
    draft,
  };
}
