import type { JsonObject } from './objects';
import type { ResourceType } from './resources';
import { RESOURCE_TYPES, apiVersionOf } from './resources';
import { isScalable } from './scale';

/** The Kubernetes version that the simulator speaks like. */
export const KUBERNETES_VERSION = { major: '1', minor: '34', patch: '2' };

const VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/** Resources that are asked, not stored. */
const VIRTUAL: ReadonlyArray<{
  group: string;
  version: string;
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}> = [
  {
    group: '',
    version: 'v1',
    name: 'serviceaccounts/token',
    kind: 'TokenRequest',
    namespaced: true,
    verbs: ['create'],
  },
  {
    group: '',
    version: 'v1',
    name: 'pods/log',
    kind: 'Pod',
    namespaced: true,
    verbs: ['get'],
  },
  {
    group: 'authentication.k8s.io',
    version: 'v1',
    name: 'tokenreviews',
    kind: 'TokenReview',
    namespaced: false,
    verbs: ['create'],
  },
  ...['selfsubjectaccessreviews', 'subjectaccessreviews'].map(name => ({
    group: 'authorization.k8s.io',
    version: 'v1',
    name,
    kind:
      name === 'subjectaccessreviews'
        ? 'SubjectAccessReview'
        : 'SelfSubjectAccessReview',
    namespaced: false,
    verbs: ['create'],
  })),
  {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    name: 'pods',
    kind: 'PodMetrics',
    namespaced: true,
    verbs: ['get', 'list'],
  },
];

function resourceEntries(type: ResourceType): JsonObject[] {
  const common = { namespaced: type.namespaced, kind: type.kind };
  const entries: JsonObject[] = [
    {
      name: type.plural,
      singularName: type.singular,
      ...common,
      verbs: VERBS,
      ...(type.shortNames ? { shortNames: type.shortNames } : {}),
      ...(type.categories ? { categories: type.categories } : {}),
    },
  ];
  if (type.status) {
    entries.push({
      name: `${type.plural}/status`,
      singularName: '',
      ...common,
      verbs: ['get', 'patch', 'update'],
    });
  }
  if (isScalable(type)) {
    entries.push({
      name: `${type.plural}/scale`,
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
  }
  return entries;
}

function groupVersions(): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { group, version } of [...RESOURCE_TYPES, ...VIRTUAL]) {
    if (group === '') continue;
    groups.set(group, (groups.get(group) ?? new Set()).add(version));
  }
  return groups;
}

function groupEntry(group: string, versions: Set<string>): JsonObject {
  const list = [...versions].map(version => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions: list, preferredVersion: list[0] };
}

/** The discovery document at a path; undefined when there is none. */
export function discoveryDocument(pathname: string): JsonObject | undefined {
  const path = pathname.replace(/\/+$/, '');
  if (path === '/version') {
    const { major, minor, patch } = KUBERNETES_VERSION;
    return {
      major,
      minor,
      gitVersion: `v${major}.${minor}.${patch}+simulated`,
      gitCommit: '',
      gitTreeState: '',
      buildDate: '1970-01-01T00:00:00Z',
      goVersion: '',
      compiler: '',
      platform: 'linux/amd64',
    };
  }
  if (path === '/api') {
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [],
    };
  }
  if (path === '/apis') {
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: [...groupVersions()].map(([group, versions]) =>
        groupEntry(group, versions),
      ),
    };
  }
  const [, root, group, version, ...more] = path.split('/');
  if (more.length > 0) return undefined;
  if (root === 'api' && group === 'v1' && version === undefined) {
    return resourceList('v1');
  }
  if (root !== 'apis' || !group) return undefined;
  const versions = groupVersions().get(group);
  if (!versions) return undefined;
  if (version === undefined) {
    return {
      kind: 'APIGroup',
      apiVersion: 'v1',
      ...groupEntry(group, versions),
    };
  }
  return versions.has(version)
    ? resourceList(`${group}/${version}`)
    : undefined;
}

/**
 * The little of OpenAPI v3 that kubectl asks for before it writes: that the
 * server validates fields and knows dry runs.
 */
export function openApiDocument(pathname: string): JsonObject | undefined {
  const rootOf = (groupVersion: string) =>
    groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
  const versions = [...new Set(RESOURCE_TYPES.map(apiVersionOf))];
  if (pathname === '/openapi/v3') {
    return {
      paths: Object.fromEntries(
        versions.map(groupVersion => [
          rootOf(groupVersion),
          { serverRelativeURL: `/openapi/v3/${rootOf(groupVersion)}` },
        ]),
      ),
    };
  }
  const version = versions.find(
    candidate => pathname === `/openapi/v3/${rootOf(candidate)}`,
  );
  if (!version) return undefined;
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map(
    name => ({ name, in: 'query', schema: { type: 'string' } }),
  );
  const paths = RESOURCE_TYPES.filter(
    type => apiVersionOf(type) === version,
  ).map(({ group, version: v, kind, plural, namespaced }) => [
    `/${rootOf(version)}/${
      namespaced ? 'namespaces/{namespace}/' : ''
    }${plural}/{name}`,
    {
      patch: {
        parameters,
        responses: {},
        'x-kubernetes-action': 'patch',
        'x-kubernetes-group-version-kind': { group, version: v, kind },
      },
    },
  ]);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes, simulated', version: '1' },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  };
}

function resourceList(groupVersion: string): JsonObject {
  const stored = RESOURCE_TYPES.filter(
    type => apiVersionOf(type) === groupVersion,
  ).flatMap(resourceEntries);
  const virtual = VIRTUAL.filter(
    type => apiVersionOf(type) === groupVersion,
  ).map(({ name, namespaced, kind, verbs }) => ({
    name,
    singularName: '',
    namespaced,
    kind,
    verbs,
  }));
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: [...stored, ...virtual],
  };
}
