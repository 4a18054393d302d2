/** One entry of a container's `env`. */
export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: { fieldRef: { fieldPath: string } };
}

/**
 * The environment that a container gets, as kubelet makes it: field references resolved, and of two entries with the
 * same name the last.
 *
 * @param fields - value of each field path that may be referred to
 * @throws Error that names an entry with an unknown field path
 */
export function resolveEnvironment(
  env: EnvVar[],
  fields: Record<string, string>,
): Record<string, string> {
  const resolved: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    if (valueFrom) {
      const path = valueFrom.fieldRef.fieldPath;
      if (!(path in fields)) {
        throw new Error(
          `env ${name}: the testbed does not know the field ${path}; known: ${Object.keys(
            fields,
          ).join(', ')}`,
        );
      }
      resolved[name] = fields[path];
    } else {
      resolved[name] = value ?? '';
    }
  }
  return resolved;
}
