/**
 * The part of a CustomResourceDefinition's OpenAPI schema that the simulator
 * checks. Objects with `fields` drop what they do not know (with a warning);
 * objects without keep everything.
 */
export type StructuralSchema =
  | {
      type: 'object';
      fields?: Record<string, StructuralSchema>;
      required?: readonly string[];
      values?: StructuralSchema;
      rules?: readonly Rule[];
    }
  | {
      type: 'array';
      items?: StructuralSchema;
      minItems?: number;
      rules?: readonly Rule[];
    }
  | { type: 'string'; enum?: readonly string[]; rules?: readonly Rule[] }
  | { type: 'integer'; rules?: readonly Rule[] }
  | { type: 'boolean' };

/** An `x-kubernetes-validations` entry: the message when `holds` is false. */
export interface Rule {
  message: string;
  holds: (value: never) => boolean;
}

const text: StructuralSchema = { type: 'string' };
const texts: StructuralSchema = { type: 'array', items: text };
const textMap: StructuralSchema = { type: 'object', values: text };
const anyObject: StructuralSchema = { type: 'object' };

function rule<T>(message: string, holds: (value: T) => boolean): Rule {
  return { message, holds: holds as Rule['holds'] };
}

const portNumber: StructuralSchema = {
  type: 'integer',
  rules: [
    rule<number>(
      'port must be between 1-65535',
      port => port > 0 && port <= 65535,
    ),
  ],
};

function oneOf(...values: string[]): StructuralSchema {
  return { type: 'string', enum: values };
}

interface ServiceEntrySpec {
  hosts?: string[];
  addresses?: string[];
  endpoints?: unknown[];
  resolution?: string;
  workloadSelector?: unknown;
}

const serviceEntry: StructuralSchema = {
  type: 'object',
  required: ['hosts'],
  fields: {
    addresses: texts,
    endpoints: {
      type: 'array',
      items: {
        type: 'object',
        fields: {
          address: text,
          labels: textMap,
          locality: text,
          network: text,
          ports: { type: 'object', values: portNumber },
          serviceAccount: text,
          weight: { type: 'integer' },
        },
        rules: [
          rule<{ address?: string; network?: string }>(
            'Address is required',
            e => e.address !== undefined || e.network !== undefined,
          ),
        ],
      },
    },
    exportTo: texts,
    hosts: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'string',
        rules: [
          rule<string>('hostname cannot be wildcard', host => host !== '*'),
        ],
      },
    },
    location: oneOf('MESH_EXTERNAL', 'MESH_INTERNAL'),
    ports: {
      type: 'array',
      items: {
        type: 'object',
        required: ['number', 'name'],
        fields: {
          name: text,
          number: portNumber,
          protocol: text,
          targetPort: portNumber,
        },
      },
      rules: [
        rule<Array<{ number: number }>>(
          'port number cannot be duplicated',
          ports => new Set(ports.map(p => p.number)).size === ports.length,
        ),
      ],
    },
    resolution: oneOf(
      'NONE',
      'STATIC',
      'DNS',
      'DNS_ROUND_ROBIN',
      'DYNAMIC_DNS',
    ),
    subjectAltNames: texts,
    workloadSelector: { type: 'object', fields: { labels: textMap } },
  },
  rules: [
    rule<ServiceEntrySpec>(
      'only one of WorkloadSelector or Endpoints can be set',
      spec => !(spec.workloadSelector && spec.endpoints),
    ),
    rule<ServiceEntrySpec>(
      'CIDR addresses are allowed only for NONE/STATIC resolution types',
      spec =>
        !(spec.addresses ?? []).some(address => address.includes('/')) ||
        ['NONE', 'STATIC'].includes(spec.resolution ?? 'NONE'),
    ),
    rule<ServiceEntrySpec>(
      'NONE mode cannot set endpoints',
      spec => (spec.resolution ?? 'NONE') !== 'NONE' || !spec.endpoints,
    ),
    rule<ServiceEntrySpec>(
      'DNS_ROUND_ROBIN mode cannot have multiple endpoints',
      spec =>
        spec.resolution !== 'DNS_ROUND_ROBIN' ||
        (spec.endpoints ?? []).length <= 1,
    ),
  ],
};

const selector: StructuralSchema = {
  type: 'object',
  fields: { matchLabels: textMap },
};

const proxyConfig: StructuralSchema = {
  type: 'object',
  fields: {
    concurrency: { type: 'integer' },
    environmentVariables: textMap,
    image: { type: 'object', fields: { imageType: text } },
    selector,
  },
};

const mtls: StructuralSchema = {
  type: 'object',
  fields: { mode: oneOf('UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT') },
};

const peerAuthentication: StructuralSchema = {
  type: 'object',
  fields: {
    mtls,
    portLevelMtls: { type: 'object', values: mtls },
    selector,
  },
  rules: [
    rule<{
      portLevelMtls?: unknown;
      selector?: { matchLabels?: Record<string, string> };
    }>(
      'portLevelMtls requires selector',
      spec =>
        !spec.portLevelMtls ||
        Object.keys(spec.selector?.matchLabels ?? {}).length > 0,
    ),
  ],
};

const gateway: StructuralSchema = {
  type: 'object',
  fields: {
    selector: textMap,
    servers: {
      type: 'array',
      items: {
        type: 'object',
        required: ['port', 'hosts'],
        fields: {
          bind: text,
          defaultEndpoint: text,
          hosts: texts,
          name: text,
          port: {
            type: 'object',
            required: ['number', 'protocol', 'name'],
            fields: {
              name: text,
              number: { type: 'integer' },
              protocol: text,
              targetPort: { type: 'integer' },
            },
          },
          tls: anyObject,
        },
      },
    },
  },
};

const authorizationPolicy: StructuralSchema = {
  type: 'object',
  fields: {
    action: oneOf('ALLOW', 'DENY', 'AUDIT', 'CUSTOM'),
    provider: { type: 'object', fields: { name: text } },
    rules: { type: 'array', items: anyObject },
    selector,
    targetRef: anyObject,
    targetRefs: { type: 'array', items: anyObject },
  },
};

const destinationRule: StructuralSchema = {
  type: 'object',
  required: ['host'],
  fields: {
    exportTo: texts,
    host: text,
    subsets: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name'],
        fields: { labels: textMap, name: text, trafficPolicy: anyObject },
      },
    },
    trafficPolicy: anyObject,
    workloadSelector: selector,
  },
};

function resource(
  spec: StructuralSchema,
  specRequired: boolean,
): StructuralSchema {
  return {
    type: 'object',
    required: specRequired ? ['spec'] : [],
    fields: {
      apiVersion: text,
      kind: text,
      metadata: anyObject,
      spec,
      status: anyObject,
    },
  };
}

/** Schemas by `apiVersion/kind`; the other custom kinds accept any spec. */
export const STRUCTURAL_SCHEMAS: Readonly<Record<string, StructuralSchema>> = {
  'networking.istio.io/v1/ServiceEntry': resource(serviceEntry, true),
  'networking.istio.io/v1/DestinationRule': resource(destinationRule, false),
  'networking.istio.io/v1/Gateway': resource(gateway, false),
  'networking.istio.io/v1beta1/ProxyConfig': resource(proxyConfig, false),
  'security.istio.io/v1/PeerAuthentication': resource(
    peerAuthentication,
    false,
  ),
  'security.istio.io/v1/AuthorizationPolicy': resource(
    authorizationPolicy,
    false,
  ),
};
