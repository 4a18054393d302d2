import { useEffect, useState } from 'react';
import { formatYaml, type StoredDefinition } from '@isthmus/plugin-gns-common';
import { type Draft, type Drafts } from '../../editing/drafts';
import { useDrafts } from '../../editing/useDrafts';
import { type Live, useLive } from '../../live/useLive';
import { readProblem } from '../state/readProblem';

const KIND = 'GlobalNamespace';

/** What is stored now, as a text to edit. */
export interface InForce {
  generation: number;
  text: string;
  definition: unknown;
  updatedBy: string;
  updatedAt: string;
}

/** A definition with what somebody had begun to write over it. */
export interface Editable {
  live: Live<StoredDefinition>;
  /** Newest; undefined: it is gone, or not known yet. */
  inForce?: InForce;
  /** It was deleted since it was read. */
  isGone: boolean;
  drafts?: Drafts;
  /** Undefined until known, null: none. */
  draft?: Draft | null;
}

/** Reads a definition, keeps it current, and looks for a draft of it. */
export function useEditable(name: string): Editable {
  const live = useLive(
    `definition/${name}`,
    (api, signal) => api.getDefinition({ kind: KIND, name }, signal),
    { topics: ['definitions'], gns: name },
  );
  const drafts = useDrafts();
  const draft = useDraft(drafts, `${KIND}:${name}`);
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

/** A draft; undefined until it is known whether there is one. */
export function useDraft(
  drafts: Drafts | undefined,
  subject: string,
): Draft | null | undefined {
  const [found, setFound] = useState<{
    subject: string;
    draft: Draft | null;
  }>();
  useEffect(() => {
    let gone = false;
    drafts?.read(subject).then(
      draft => !gone && setFound({ subject, draft: draft ?? null }),
      // A storage that fails has no draft; writing says so then.
      () => !gone && setFound({ subject, draft: null }),
    );
    return () => {
      gone = true;
    };
  }, [drafts, subject]);
  return found?.subject === subject ? found.draft : undefined;
}

export function inForceOf(stored: StoredDefinition): InForce {
  return {
    generation: stored.generation,
    text: formatYaml(stored.definition),
    definition: stored.definition,
    updatedBy: stored.updatedBy,
    updatedAt: stored.updatedAt,
  };
}
