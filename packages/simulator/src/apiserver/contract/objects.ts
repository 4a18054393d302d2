interface Metadata {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  resourceVersion?: string;
  ownerReferences?: unknown[];
}

/** A ConfigMap without namespace: the URL says it. */
export function configMap(
  name: string,
  content: Record<string, string> = {},
  metadata: Metadata = {},
) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...metadata },
    data: content,
  };
}

export function service(name: string, ports: unknown[]) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports },
  };
}

export function deployment(name: string, env: unknown[] = []) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'app', image: 'shop:1', env }] },
      },
    },
  };
}

export function serviceEntry(name: string, spec: Record<string, unknown>) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name },
    spec,
  };
}

interface Managed {
  metadata: {
    managedFields?: Array<{
      manager: string;
      operation: string;
      subresource?: string;
      fieldsV1: unknown;
    }>;
  };
}

/** `manager/operation[/subresource]` → fields, without times. */
export function ownership(object: Managed): Record<string, unknown> {
  return Object.fromEntries(
    (object.metadata.managedFields ?? []).map(entry => [
      [entry.manager, entry.operation, entry.subresource]
        .filter(Boolean)
        .join('/'),
      entry.fieldsV1,
    ]),
  );
}
