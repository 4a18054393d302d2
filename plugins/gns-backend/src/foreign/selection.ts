/** `maybe`: it depends on what is not known here. */
export type Match = 'yes' | 'no' | 'maybe';

/** An object of others, and the namespace that it is in. */
export interface At<T> {
  readonly object: T;
  readonly at: string;
}

/** Labels that all pods of a workload share, of each workload. */
export type Pods = readonly Readonly<Record<string, string>>[];

/** Whether an object of others is for the pods of one place. */
export function isSelected(
  {
    selector,
    opaque,
  }: { selector?: Readonly<Record<string, string>>; opaque: boolean },
  pods: Pods,
): Match {
  if (opaque) return 'maybe';
  if (!selector) return 'yes';
  const entries = Object.entries(selector);
  const having = pods.filter(labels =>
    entries.every(([key, value]) => labels[key] === value),
  );
  if (pods.length === 0) return 'maybe';
  if (having.length === 0) {
    // Labels that pods of one workload do not share are not reported.
    return pods.some(labels =>
      entries.every(([key, value]) => (labels[key] ?? value) === value),
    )
      ? 'maybe'
      : 'no';
  }
  return having.length === pods.length ? 'yes' : 'maybe';
}

/** A host of an Istio object against a host name: all, a domain, or the name. */
export function matchesHost(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1))
    : pattern === host;
}
