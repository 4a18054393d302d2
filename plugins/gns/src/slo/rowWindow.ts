/** Rows that are drawn beyond what is seen, above and below. */
const SPARE = 6;

/** Which rows of a long list are drawn: the seen ones and a few around them. */
export function rowWindow(options: {
  /** Pixels. */
  scrollTop: number;
  height: number;
  rowHeight: number;
  count: number;
}): { first: number; end: number } {
  const { scrollTop, height, rowHeight, count } = options;
  const seen = Math.ceil(Math.max(0, height) / rowHeight);
  const top = Math.floor(Math.max(0, scrollTop) / rowHeight);
  // A list that got shorter is still scrolled to where it was.
  const last = Math.max(0, count - seen);
  const first = Math.max(0, Math.min(top, last) - SPARE);
  return {
    first,
    end: Math.min(count, Math.min(top, last) + seen + SPARE + 1),
  };
}
