import { CONTROLLER_NAME, CONTROLLER_NAMESPACE } from '../names';

/** A rule of a Kubernetes Role. */
export interface PolicyRule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

const OWNED_VERBS = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
const FOLLOW = ['list', 'watch'];

/**
 * All that a local controller may do, and each verb of it is used: the single
 * source for the join manifest, the Helm chart and the demo.
 */
export function controllerRules(
  namespace: string = CONTROLLER_NAMESPACE,
  options: {
    /**
     * Restart workloads that wait for the identity of their global namespace
     * (`authority.restart: rolling`). Whoever may change the templates of pods may run
     * anything in the cluster: so it is granted on request only.
     */
    restartWorkloads?: boolean;
  } = {},
): {
  /** In the whole cluster. */
  cluster: PolicyRule[];
  /** In the controller's own namespace. */
  own: PolicyRule[];
  /** In istiod's namespace. */
  istio: PolicyRule[];
} {
  return {
    cluster: [
      {
        apiGroups: [''],
        resources: ['namespaces', 'nodes', 'services', 'pods'],
        verbs: FOLLOW,
      },
      // Who asks for a certificate, and whether its pod lives.
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
      {
        apiGroups: ['authentication.k8s.io'],
        resources: ['tokenreviews'],
        verbs: ['create'],
      },
      // Our key in it: what pilot-agent verifies the controller with.
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['istio-ca-root-cert'],
        verbs: [...FOLLOW, 'patch'],
      },
      {
        apiGroups: [''],
        resources: ['namespaces'],
        resourceNames: ['kube-system', namespace],
        verbs: ['get'],
      },
      {
        apiGroups: ['networking.istio.io'],
        resources: [
          'serviceentries',
          'destinationrules',
          'gateways',
          'virtualservices',
          'sidecars',
          'proxyconfigs',
        ],
        verbs: OWNED_VERBS,
      },
      {
        apiGroups: ['security.istio.io'],
        resources: ['peerauthentications', 'authorizationpolicies'],
        verbs: OWNED_VERBS,
      },
      ...(options.restartWorkloads
        ? [
            {
              apiGroups: ['apps'],
              resources: ['deployments', 'statefulsets', 'daemonsets'],
              verbs: ['get', 'patch'],
            },
            {
              apiGroups: ['policy'],
              resources: ['poddisruptionbudgets'],
              verbs: ['list'],
            },
          ]
        : []),
    ],
    own: [
      {
        apiGroups: [''],
        resources: ['secrets'],
        verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
      },
      { apiGroups: [''], resources: ['events'], verbs: ['create'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['isthmus-status'],
        verbs: ['patch', 'delete'],
      },
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        verbs: ['create'],
      },
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        resourceNames: [CONTROLLER_NAME],
        verbs: ['get', 'update', 'delete'],
      },
      {
        apiGroups: ['apps'],
        resources: ['deployments'],
        resourceNames: [CONTROLLER_NAME],
        verbs: FOLLOW,
      },
    ],
    istio: [
      { apiGroups: [''], resources: ['configmaps'], verbs: FOLLOW },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: FOLLOW },
    ],
  };
}
