/** A text with what it was before, and what it would be again. */
export interface TextHistory {
  past: readonly string[];
  text: string;
  future: readonly string[];
  /** Where and when the last change was made: the next one there joins it. */
  last?: { where: string; at: number };
}

/** Changes at one place within this time are undone together, milliseconds. */
const TOGETHER_MS = 900;
/** Steps that are kept. */
const LONGEST = 200;

export function startHistory(text: string): TextHistory {
  return { past: [], text, future: [] };
}

/**
 * A change of the text.
 *
 * @param where - what was changed, a field or the whole text: typing in one
 *   place is one step
 * @param now - milliseconds
 */
export function change(
  history: TextHistory,
  text: string,
  where: string,
  now: number,
): TextHistory {
  if (text === history.text) return history;
  const { last } = history;
  const joins =
    last !== undefined && last.where === where && now - last.at < TOGETHER_MS;
  return {
    past: joins
      ? history.past
      : [...history.past, history.text].slice(-LONGEST),
    text,
    future: [],
    last: { where, at: now },
  };
}

export function undo(history: TextHistory): TextHistory {
  const { past, text, future } = history;
  if (past.length === 0) return history;
  return {
    past: past.slice(0, -1),
    text: past[past.length - 1],
    future: [text, ...future],
  };
}

export function redo(history: TextHistory): TextHistory {
  const { past, text, future } = history;
  if (future.length === 0) return history;
  return { past: [...past, text], text: future[0], future: future.slice(1) };
}
