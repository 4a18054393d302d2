/** One entry of a container's `env`. */
export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: {
    fieldRef?: { fieldPath: string };
    resourceFieldRef?: { resource: string };
  };
}

/**
 * The environment that a container gets, as kubelet makes it: references to fields of the pod and to limits of the
 * container resolved, `$(NAME)` of an earlier entry expanded, and of two entries with the same name the last.
 *
 * @param known - value of each field path, and of each limit, that may be referred to
 * @throws Error that names an entry with an unknown reference
 */
export function resolveEnvironment(
  env: EnvVar[],
  known: { fields: Record<string, string>; limits: Record<string, string> },
): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    if (valueFrom?.fieldRef) {
      resolved[name] = referred(
        name,
        valueFrom.fieldRef.fieldPath,
        known.fields,
      );
    } else if (valueFrom) {
      const limit = `${valueFrom.resourceFieldRef?.resource}`;
      resolved[name] = `${quantity(
        referred(name, limit.replace(/^limits\./, ''), known.limits),
      )}`;
    } else resolved[name] = expand(value ?? '', resolved);
  }
  return resolved;
}

/** `$(NAME)` replaced by what the environment has; unknown names stay, as kubelet leaves them. */
export function expand(
  text: string,
  environment: Record<string, string>,
): string {
  return text.replace(/\$\((\w+)\)/g, (all, name: string) =>
    Object.hasOwn(environment, name) ? environment[name] : all,
  );
}

function referred(
  name: string,
  path: string,
  values: Record<string, string>,
): string {
  if (!Object.hasOwn(values, path)) {
    throw new Error(
      `env ${name}: the testbed does not know ${path}; known: ${Object.keys(
        values,
      ).join(', ')}`,
    );
  }
  return values[path];
}

const UNITS: Record<string, number> = {
  '': 1,
  m: 0.001,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** Whole cores or bytes of a Kubernetes quantity, rounded up as for a divisor of 1. */
function quantity(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(m|[KMG]i|)$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`no quantity: ${text}`);
  return Math.ceil(Number(number) * UNITS[unit]);
}
