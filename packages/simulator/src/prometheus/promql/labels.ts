/** Labels of a series; the metric's name is `__name__`. */
export type Labels = Readonly<Record<string, string>>;

const keys = new WeakMap<Labels, string>();
const nameless = new WeakMap<Labels, Labels>();

/** Text that is equal for equal labels, whatever the name of the metric. */
export function keyOf(labels: Labels): string {
  let key = keys.get(labels);
  if (key === undefined) {
    key = Object.keys(labels)
      .filter(name => name !== '__name__' && labels[name] !== '')
      .sort()
      .map(name => `${name}=${labels[name]}`)
      .join('\n');
    keys.set(labels, key);
  }
  return key;
}

/** The labels without the metric's name; the same object each time. */
export function withoutName(labels: Labels): Labels {
  let found = nameless.get(labels);
  if (!found) {
    const { __name__: _, ...rest } = labels;
    found = rest;
    nameless.set(labels, found);
  }
  return found;
}
