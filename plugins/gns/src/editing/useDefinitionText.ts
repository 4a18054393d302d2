import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { checkText, type CheckedText } from '../editor/checkText';
import { schemaOfKind } from '../editor/jsonSchema';
import { type Draft, type Drafts } from './drafts';
import { type Edit, editYaml } from './editYaml';
import { isRecord } from './same';
import { change, redo, startHistory, undo } from './textHistory';

/** What a text began from. */
export interface Base {
  generation: number;
  text: string;
}

/** The text of a definition while somebody writes it. */
export interface DefinitionText {
  text: string;
  /** Null: it creates. */
  base: Base | null;
  checked: CheckedText;
  /** The document as it was last readable. */
  written: unknown;
  /** The text differs from what it began from. */
  changed: boolean;
  canUndo: boolean;
  canRedo: boolean;
  undo: () => void;
  redo: () => void;
  setText: (text: string, where: string) => void;
  /** Changes the document at some paths; comments stay. */
  edit: (edits: Edit[], where: string) => void;
  /** Goes on from another base, with another text. */
  rebase: (base: Base | null, text: string) => void;
  /** When the draft was kept last, milliseconds. */
  keptAt?: number;
  keepError?: Error;
  /** It is in force now, or thrown away. */
  forget: () => void;
}

/** After the last change, milliseconds. */
const KEEP_MS = 400;

/**
 * Owns the text of a definition: form and editor are two views of it. Keeps a
 * draft of every change, so that leaving the page loses nothing.
 */
export function useDefinitionText(options: {
  subject: string;
  drafts: Drafts;
  /** What there is now; null: it creates. */
  base: Base | null;
  /** The text to begin with. */
  start: string;
  draft?: Draft;
}): DefinitionText {
  const { subject, drafts, start, draft } = options;
  const [base, setBase] = useState(draft ? draft.base : options.base);
  const [history, setHistory] = useState(() =>
    startHistory(draft?.text ?? start),
  );
  const [kept, setKept] = useState<{ at?: number; error?: Error }>({});
  const { text } = history;
  const checked = useMemo(() => checkText(text), [text]);
  // A draft that cannot be read yet is shown over what it began from.
  const [began] = useState(() => checkText(base?.text ?? start).written);
  const readable = useRef<unknown>(checked.written ?? began);
  if (checked.written !== undefined) readable.current = checked.written;
  const changed = text !== (base?.text ?? start);

  const setText = useCallback((next: string, where: string) => {
    setHistory(before => change(before, next, where, Date.now()));
  }, []);
  const edit = useCallback((edits: Edit[], where: string) => {
    setHistory(before => {
      const { written } = checkText(before.text);
      const schema = schemaOfKind(isRecord(written) ? written.kind : undefined);
      const next = editYaml(before.text, edits, schema);
      return next === undefined
        ? before
        : change(before, next, where, Date.now());
    });
  }, []);
  const rebase = useCallback((next: Base | null, nextText: string) => {
    setBase(next);
    setHistory(before => change(before, nextText, 'rebase', Date.now()));
  }, []);

  const forgotten = useRef(false);
  const keep = useRef<() => void>(() => undefined);
  keep.current = () => {
    if (forgotten.current) return;
    const now = Date.now();
    const done = changed
      ? drafts.write(subject, {
          text,
          base,
          savedAt: new Date(now).toISOString(),
        })
      : drafts.forget(subject);
    done.then(
      () => setKept({ at: changed ? now : undefined }),
      (cause: unknown) =>
        setKept({
          error: cause instanceof Error ? cause : new Error(String(cause)),
        }),
    );
  };

  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return undefined;
    }
    const timer = setTimeout(() => keep.current(), KEEP_MS);
    return () => clearTimeout(timer);
  }, [text, base]);

  // What is not kept yet when the page goes away is kept now.
  useEffect(() => {
    const now = () => {
      if (!first.current) keep.current();
    };
    const hidden = () => document.hidden && now();
    window.addEventListener('pagehide', now);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      window.removeEventListener('pagehide', now);
      document.removeEventListener('visibilitychange', hidden);
      now();
    };
  }, []);

  return {
    text,
    base,
    checked,
    written: readable.current,
    changed,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
    setText,
    edit,
    rebase,
    keptAt: kept.at,
    keepError: kept.error,
    forget: useCallback(() => {
      forgotten.current = true;
      drafts.forget(subject).catch((cause: Error) => setKept({ error: cause }));
    }, [drafts, subject]),
  };
}
