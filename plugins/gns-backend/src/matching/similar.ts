/**
 * How many letters have to be added, removed, replaced or swapped with their
 * neighbour to make one word of the other; gives up above `limit`.
 * @returns the number, or undefined when it is more than `limit`
 */
export function editDistance(
  a: string,
  b: string,
  limit: number,
): number | undefined {
  if (Math.abs(a.length - b.length) > limit) return undefined;
  let older: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(last[j] + 1, row[j - 1] + 1, replaced);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, older[j - 2] + 1);
      row.push(least);
    }
    if (Math.min(...row) > limit) return undefined;
    older = last;
    last = row;
  }
  const distance = last[b.length];
  return distance <= limit ? distance : undefined;
}

/** Short words differ by little and mean something else. */
function tolerance(word: string): number {
  return word.length <= 4 ? 1 : 2;
}

/** The names that a misspelt one may have meant, nearest first, at most `most`. */
export function similarNames(
  written: string,
  names: Iterable<string>,
  most: number,
): string[] {
  const limit = tolerance(written);
  return [...new Set(names)]
    .flatMap(name => {
      const distance =
        name === written ? undefined : editDistance(written, name, limit);
      return distance === undefined ? [] : [{ name, distance }];
    })
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** The names whose beginning a misspelt prefix may have meant. */
export function similarBeginnings(
  prefix: string,
  names: Iterable<string>,
  most: number,
): string[] {
  if (prefix.length < 3) return [];
  const limit = tolerance(prefix);
  return [...new Set(names)]
    .flatMap(name => {
      // One letter too many or too few moves the rest.
      const distances = [-1, 0, 1].flatMap(
        more =>
          editDistance(prefix, name.slice(0, prefix.length + more), limit) ??
          [],
      );
      return distances.length === 0
        ? []
        : [{ name, distance: Math.min(...distances) }];
    })
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}
