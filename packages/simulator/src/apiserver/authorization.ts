import type { UserInfo } from './authentication';
import type { KubernetesObject } from './objects';
import { findResource } from './resources';
import { ApiStatusError } from './statusErrors';
import type { ObjectStore } from './store';

/** What a request would do. */
export interface AccessRequest {
  verb: string;
  group: string;
  /** Plural, without subresource. */
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
}

interface PolicyRule {
  verbs?: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

const RBAC = 'rbac.authorization.k8s.io/v1';

function rbacType(plural: string) {
  const type = findResource(RBAC, plural);
  if (!type) throw new Error(`resource table lacks ${RBAC} ${plural}`);
  return type;
}

const CLUSTER_ROLES = rbacType('clusterroles');
const CLUSTER_ROLE_BINDINGS = rbacType('clusterrolebindings');
const ROLES = rbacType('roles');
const ROLE_BINDINGS = rbacType('rolebindings');

function isSubject(user: UserInfo, subject: Subject, namespace: string) {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.username;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount':
      return (
        user.username ===
        `system:serviceaccount:${subject.namespace ?? namespace}:${
          subject.name
        }`
      );
    default:
      return false;
  }
}

function allows(rule: PolicyRule, request: AccessRequest): boolean {
  const has = (list: string[] | undefined, ...values: string[]) =>
    list !== undefined && values.some(value => list.includes(value));
  const resource = request.subresource
    ? [`${request.resource}/${request.subresource}`, `*/${request.subresource}`]
    : [request.resource];
  const names = rule.resourceNames ?? [];
  return (
    has(rule.verbs, '*', request.verb) &&
    has(rule.apiGroups, '*', request.group) &&
    has(rule.resources, '*', ...resource) &&
    (names.length === 0 ||
      (request.name !== undefined && names.includes(request.name)))
  );
}

/** Evaluates the stored roles and bindings, as `--authorization-mode=RBAC`. */
export class RbacAuthorizer {
  constructor(private readonly store: ObjectStore) {}

  isAllowed(user: UserInfo, request: AccessRequest): boolean {
    if (user.groups.includes('system:masters')) return true;
    return this.#rules(user, request.namespace).some(rule =>
      allows(rule, request),
    );
  }

  /** Throws 403 in the real server's words. */
  require(user: UserInfo, request: AccessRequest) {
    if (this.isAllowed(user, request)) return;
    const { verb, group, resource, subresource, namespace, name } = request;
    const qualified = group ? `${resource}.${group}` : resource;
    const object = name ? `${qualified} "${name}"` : qualified;
    const scope = namespace
      ? `in the namespace "${namespace}"`
      : 'at the cluster scope';
    const asked = subresource ? `${resource}/${subresource}` : resource;
    throw new ApiStatusError(
      403,
      'Forbidden',
      `${object} is forbidden: User "${user.username}" cannot ${verb} resource "${asked}" in API group "${group}" ${scope}`,
      {
        ...(name ? { name } : {}),
        ...(group ? { group } : {}),
        kind: resource,
      },
    );
  }

  #rules(user: UserInfo, namespace: string | undefined): PolicyRule[] {
    const rules: PolicyRule[] = [];
    const collect = (binding: KubernetesObject) => {
      const subjects = (binding.subjects ?? []) as Subject[];
      const home = binding.metadata.namespace ?? '';
      if (!subjects.some(subject => isSubject(user, subject, home))) return;
      const role = binding.roleRef as { kind: string; name: string };
      const found =
        role.kind === 'ClusterRole'
          ? this.store.get(CLUSTER_ROLES, '', role.name)
          : this.store.get(ROLES, home, role.name);
      rules.push(...((found?.rules ?? []) as PolicyRule[]));
    };
    this.store.list(CLUSTER_ROLE_BINDINGS).forEach(collect);
    if (namespace) this.store.list(ROLE_BINDINGS, namespace).forEach(collect);
    return rules;
  }
}
