/** A linear scale: from values to pixels. */
export interface Scale {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
  (value: number): number;
}

export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): Scale {
  const [from, to] = domain;
  const [start, end] = range;
  const size = to - from;
  const scale = (value: number) =>
    size === 0 ? start : start + ((value - from) / size) * (end - start);
  return Object.assign(scale, { domain, range });
}

/** Round numbers within a domain, about `count` of them. */
export function ticksOf(
  [from, to]: readonly [number, number],
  count: number,
): number[] {
  if (!(to > from) || count < 1) return [];
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    power * ([1, 2, 5, 10].find(factor => factor * power >= rough) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** The path of a line; where a value is unknown, it is broken, and a lone value is a dot. */
export function linePath(
  values: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  const parts: string[] = [];
  values.forEach((value, i) => {
    if (value === null) return;
    const at = `${short(x(i))} ${short(y(value))}`;
    const begins = i === 0 || values[i - 1] === null;
    const ends = i === values.length - 1 || values[i + 1] === null;
    parts.push(`${begins ? 'M' : 'L'}${at}`);
    if (begins && ends) parts.push('h0.01');
  });
  return parts.join('');
}

/** Stretches of an index for which something holds: `[from, to]`, both within. */
export function stretches(
  length: number,
  holds: (index: number) => boolean,
): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < length; i += 1) {
    if (!holds(i)) continue;
    const last = found[found.length - 1];
    if (last && last[1] === i - 1) last[1] = i;
    else found.push([i, i]);
  }
  return found;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
