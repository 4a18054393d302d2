import {
  CA_PORT,
  CONTROLLER_NAME,
  CONTROLLER_NAMESPACE,
  MANAGED_BY,
} from '../names';
import { controllerRules, type PolicyRule } from './controllerRules';

/** What differs between installations of the controller. */
export interface ControllerManifestOptions {
  /** Address of the portal's backend, as the cluster reaches it. */
  hubUrl: string;
  /** One-time join token; absent: an existing Secret holds it. */
  token?: string;
  /** Secret with the token under `token`. Default `isthmus-join-token`. */
  tokenSecret?: string;
  /** Default {@link DEFAULT_CONTROLLER_IMAGE}. */
  image?: string;
  /** Default `isthmus-system`. */
  namespace?: string;
  /** Where istiod runs. Default `istio-system`. */
  istioNamespace?: string;
  /** PEM of the CA of the hub's certificate; absent: a public one. */
  hubCa?: string;
  /** All issue certificates, one reconciles. Default 2. */
  replicas?: number;
  /** Address of the Prometheus that traffic is measured with; absent: it is not measured. */
  prometheusUrl?: string;
  /** Further flags for it, see docs/telemetry.md: `--prometheus-token-file=/etc/isthmus/prometheus/token`. */
  prometheusArgs?: readonly string[];
  /** Secret that is mounted at `/etc/isthmus/prometheus`, for the files that flags name. */
  prometheusSecret?: string;
  /** Grant what `authority.restart: rolling` needs, see {@link controllerRules}. Default false. */
  restartWorkloads?: boolean;
}

/** A Kubernetes object as it is rendered, to be written as YAML. */
export interface RenderedObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels: Record<string, string>;
  };
  [field: string]: unknown;
}

/** The controller's image when none is named. */
export const DEFAULT_CONTROLLER_IMAGE = 'isthmus/controller:0.1.0';

/** Port of /healthz, /readyz and /metrics. */
const STATUS_PORT = 8080;
/** ConfigMap with the CA of the hub's certificate, and where it is mounted. */
const HUB_CA = 'isthmus-hub-ca';
const HUB_CA_PATH = '/etc/isthmus/hub';
/** Where credentials for Prometheus are mounted. */
const PROMETHEUS_PATH = '/etc/isthmus/prometheus';
const RBAC = 'rbac.authorization.k8s.io';
const SELECTOR = { 'app.kubernetes.io/name': CONTROLLER_NAME };

/**
 * Everything that an admin applies to make a cluster a member: namespace,
 * account, the narrow roles of {@link controllerRules}, token and Deployment.
 */
export function renderControllerManifests(
  options: ControllerManifestOptions,
): RenderedObject[] {
  const namespace = options.namespace ?? CONTROLLER_NAMESPACE;
  const istioNamespace = options.istioNamespace ?? 'istio-system';
  const tokenSecret = options.tokenSecret ?? 'isthmus-join-token';
  const rules = controllerRules(namespace, options);
  const metadata = (name: string, inNamespace?: string) => ({
    name,
    ...(inNamespace ? { namespace: inNamespace } : {}),
    labels: {
      'app.kubernetes.io/name': CONTROLLER_NAME,
      'app.kubernetes.io/part-of': MANAGED_BY,
    },
  });
  const role = (
    scope: 'Role' | 'ClusterRole',
    granted: PolicyRule[],
    inNamespace?: string,
  ): RenderedObject[] => [
    {
      apiVersion: `${RBAC}/v1`,
      kind: scope,
      metadata: metadata(CONTROLLER_NAME, inNamespace),
      rules: granted,
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: `${scope}Binding`,
      metadata: metadata(CONTROLLER_NAME, inNamespace),
      roleRef: { apiGroup: RBAC, kind: scope, name: CONTROLLER_NAME },
      subjects: [{ kind: 'ServiceAccount', name: CONTROLLER_NAME, namespace }],
    },
  ];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: metadata(namespace) },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: metadata(CONTROLLER_NAME, namespace),
    },
    ...role('ClusterRole', rules.cluster),
    ...role('Role', rules.own, namespace),
    ...role('Role', rules.istio, istioNamespace),
    ...(options.token
      ? [
          {
            apiVersion: 'v1',
            kind: 'Secret',
            metadata: metadata(tokenSecret, namespace),
            type: 'Opaque',
            stringData: { token: options.token },
          },
        ]
      : []),
    ...(options.hubCa
      ? [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: metadata(HUB_CA, namespace),
            data: { 'ca.crt': options.hubCa },
          },
        ]
      : []),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata(CONTROLLER_NAME, namespace),
      spec: {
        selector: SELECTOR,
        ports: [{ name: 'tls-ca', port: CA_PORT, targetPort: 'ca' }],
      },
    },
    // New pods of members start only while a replica issues.
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadata(CONTROLLER_NAME, namespace),
      spec: { maxUnavailable: 1, selector: { matchLabels: SELECTOR } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata(CONTROLLER_NAME, namespace),
      spec: deploymentSpec({
        ...options,
        namespace,
        istioNamespace,
        tokenSecret,
      }),
    },
  ];
}

function deploymentSpec(
  options: ControllerManifestOptions & {
    namespace: string;
    istioNamespace: string;
    tokenSecret: string;
  },
): Record<string, unknown> {
  const probe = (path: string) => ({
    httpGet: { path, port: 'status' },
    periodSeconds: 10,
  });
  const mounts = [
    ...(options.hubCa
      ? [
          {
            name: 'hub-ca',
            mountPath: HUB_CA_PATH,
            source: { configMap: { name: HUB_CA } },
          },
        ]
      : []),
    ...(options.prometheusSecret
      ? [
          {
            name: 'prometheus',
            mountPath: PROMETHEUS_PATH,
            source: { secret: { secretName: options.prometheusSecret } },
          },
        ]
      : []),
  ];
  return {
    replicas: options.replicas ?? 2,
    selector: { matchLabels: SELECTOR },
    template: {
      metadata: {
        labels: {
          ...SELECTOR,
          'app.kubernetes.io/part-of': MANAGED_BY,
          'sidecar.istio.io/inject': 'false',
        },
        annotations: {
          'prometheus.io/scrape': 'true',
          'prometheus.io/port': String(STATUS_PORT),
        },
      },
      spec: {
        serviceAccountName: CONTROLLER_NAME,
        terminationGracePeriodSeconds: 30,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65532,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        // The replicas on nodes of their own, where there are enough.
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              {
                weight: 100,
                podAffinityTerm: {
                  topologyKey: 'kubernetes.io/hostname',
                  labelSelector: { matchLabels: SELECTOR },
                },
              },
            ],
          },
        },
        containers: [
          {
            name: 'controller',
            image: options.image ?? DEFAULT_CONTROLLER_IMAGE,
            args: [
              'run',
              `--hub-url=${options.hubUrl}`,
              `--namespace=${options.namespace}`,
              `--istio-namespace=${options.istioNamespace}`,
              `--status-listen=0.0.0.0:${STATUS_PORT}`,
              `--issuer-listen=0.0.0.0:${CA_PORT}`,
              ...(options.hubCa ? [`--hub-ca=${HUB_CA_PATH}/ca.crt`] : []),
              ...(options.prometheusUrl
                ? [`--prometheus-url=${options.prometheusUrl}`]
                : []),
              ...(options.prometheusArgs ?? []),
            ],
            env: [
              {
                name: 'POD_NAME',
                valueFrom: { fieldRef: { fieldPath: 'metadata.name' } },
              },
              {
                name: 'ISTHMUS_JOIN_TOKEN',
                valueFrom: {
                  secretKeyRef: {
                    name: options.tokenSecret,
                    key: 'token',
                    optional: true,
                  },
                },
              },
            ],
            ports: [
              { name: 'status', containerPort: STATUS_PORT },
              { name: 'ca', containerPort: CA_PORT },
            ],
            livenessProbe: probe('/healthz'),
            readinessProbe: probe('/readyz'),
            resources: {
              requests: { cpu: '50m', memory: '128Mi' },
              limits: { memory: '512Mi' },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
            ...(mounts.length > 0
              ? {
                  volumeMounts: mounts.map(({ name, mountPath }) => ({
                    name,
                    mountPath,
                    readOnly: true,
                  })),
                }
              : {}),
          },
        ],
        ...(mounts.length > 0
          ? { volumes: mounts.map(({ name, source }) => ({ name, ...source })) }
          : {}),
      },
    },
  };
}
