import { diffLines, diffWordsWithSpace } from 'diff';

/** A stretch of a line: changed or the same in the other text. */
export interface Piece {
  text: string;
  changed: boolean;
}

/** One side of a row. */
export interface Side {
  /** Number of the line, from 1. */
  line: number;
  pieces: Piece[];
}

/** One row of a comparison. */
export type Row =
  | { kind: 'same'; before: Side; after: Side }
  | { kind: 'changed'; before?: Side; after?: Side };

export interface LineDiff {
  rows: Row[];
  added: number;
  removed: number;
}

/** Longest that a comparison may take; two texts without likeness take longest. */
const TIMEOUT_MS = 300;
/** Words of longer lines are not compared. */
const LONGEST_LINE = 400;

/** Compares two texts line by line and, where a line was changed, word by word. Pure but for its time limit. */
export function lineDiff(before: string, after: string): LineDiff {
  const parts = diffLines(before, after, { timeout: TIMEOUT_MS }) ?? [
    { value: before, removed: true, added: false, count: 0 },
    { value: after, removed: false, added: true, count: 0 },
  ];
  const rows: Row[] = [];
  let [left, right, added, removed] = [0, 0, 0, 0];
  for (let i = 0; i < parts.length; i += 1) {
    const lines = linesOf(parts[i].value);
    if (!parts[i].added && !parts[i].removed) {
      for (const text of lines) {
        left += 1;
        right += 1;
        rows.push({
          kind: 'same',
          before: side(left, text),
          after: side(right, text),
        });
      }
      continue;
    }
    const next = parts[i + 1];
    const gone = parts[i].removed ? lines : [];
    let come = parts[i].added ? lines : [];
    if (parts[i].removed && next?.added) {
      come = linesOf(next.value);
      i += 1;
    }
    removed += gone.length;
    added += come.length;
    for (let row = 0; row < Math.max(gone.length, come.length); row += 1) {
      const [from, to] = words(gone[row], come[row]);
      rows.push({
        kind: 'changed',
        before: from && { line: left + row + 1, pieces: from },
        after: to && { line: right + row + 1, pieces: to },
      });
    }
    left += gone.length;
    right += come.length;
  }
  return { rows, added, removed };
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

function side(line: number, text: string): Side {
  return { line, pieces: [{ text, changed: false }] };
}

/** Two lines that stand for each other, with what differs marked. */
function words(
  before: string | undefined,
  after: string | undefined,
): [Piece[] | undefined, Piece[] | undefined] {
  const whole = (text: string | undefined) =>
    text === undefined ? undefined : [{ text, changed: false }];
  if (
    before === undefined ||
    after === undefined ||
    before.length + after.length > LONGEST_LINE
  ) {
    return [whole(before), whole(after)];
  }
  const parts = diffWordsWithSpace(before, after);
  const common = parts
    .filter(part => !part.added && !part.removed)
    .reduce((length, part) => length + part.value.trim().length, 0);
  // Lines that share next to nothing read better whole.
  if (common * 3 < Math.max(before.trim().length, after.trim().length)) {
    return [whole(before), whole(after)];
  }
  return [
    parts
      .filter(part => !part.added)
      .map(part => ({ text: part.value, changed: part.removed })),
    parts
      .filter(part => !part.removed)
      .map(part => ({ text: part.value, changed: part.added })),
  ];
}

/** Rows in a row: shown, or folded because nothing in them changed. */
export interface Block {
  folded: boolean;
  rows: Row[];
}

/** Folds what is further than `context` rows from every change. */
export function foldUnchanged(rows: readonly Row[], context = 3): Block[] {
  const near = rows.map(() => false);
  rows.forEach((row, i) => {
    if (row.kind === 'same') return;
    const end = Math.min(rows.length - 1, i + context);
    for (let at = Math.max(0, i - context); at <= end; at += 1) near[at] = true;
  });
  const blocks: Block[] = [];
  rows.forEach((row, i) => {
    const last = blocks[blocks.length - 1];
    if (last && last.folded === !near[i]) last.rows.push(row);
    else blocks.push({ folded: !near[i], rows: [row] });
  });
  // A fold that hides one line hides less than it takes.
  return blocks.map(block =>
    block.folded && block.rows.length === 1
      ? { ...block, folded: false }
      : block,
  );
}
