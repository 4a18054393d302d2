/** All global namespaces. */
const ALL = '*';

/**
 * Which global namespaces are paused, by the hub's settings and by the
 * annotation on our namespace or Deployment: `"true"` pauses all, a
 * comma-separated list some, `"false"` or nothing none.
 */
export class Pauses {
  readonly #fromHub: ReadonlySet<string>;
  readonly #local: ReadonlySet<string>;

  constructor(fromHub: readonly string[], annotations: readonly string[]) {
    this.#fromHub = new Set(fromHub);
    this.#local = new Set(annotations.flatMap(readAnnotation));
  }

  isPaused(gns: string): boolean {
    return [this.#fromHub, this.#local].some(s => s.has(ALL) || s.has(gns));
  }

  /** What is paused by annotation: `*` or names, sorted. */
  get local(): string[] {
    return this.#local.has(ALL) ? [ALL] : [...this.#local].sort();
  }

  /** Equal texts pause the same. */
  get fingerprint(): string {
    return JSON.stringify([[...this.#fromHub].sort(), this.local]);
  }
}

function readAnnotation(value: string): string[] {
  const text = value.trim();
  if (text === 'true' || text === ALL) return [ALL];
  if (text === 'false' || text === '') return [];
  return text
    .split(',')
    .map(name => name.trim())
    .filter(name => name.length > 0 && name.length <= 63);
}
