import { promises as fs } from 'node:fs';
import { stringify, parse } from 'yaml';
import type { KubeClient, KubeObject } from '../kube/KubeClient';
import { eventually } from '../process/eventually';
import { ROOT_NAMESPACE } from '../workload/podManifests';
import { ISTIOD_PORTS } from './controlPlane';

/** Name of the ConfigMap with the templates, and of the webhook's configuration: those that istiod looks for. */
const INJECTOR = 'istio-sidecar-injector';
/** Revision of a mesh that has only one. */
const REVISION = 'default';

/** Files of Istio's own chart. */
export interface InjectorFiles {
  /** Template of what injection puts into a pod. */
  template: string;
  /** Values that the template looks into. */
  values: string;
}

type Values = Record<string, Record<string, unknown>>;

/**
 * Installs Istio's own injector: its template with the values of its chart. istiod must start after it.
 *
 * @param options - name and network of the cluster, as the proxies shall know them
 */
export async function installInjector(options: {
  cluster: string;
  network: string;
  meshId: string;
  kube: KubeClient;
  files: InjectorFiles;
}): Promise<void> {
  const { cluster, network, meshId, files } = options;
  const template = await fs.readFile(files.template, 'utf8');
  const chart = parse(await fs.readFile(files.values, 'utf8')) as {
    _internal_defaults_do_not_set: Values & { revision: string };
  };
  const { global, sidecarInjectorWebhook, cni, env, gateways, revision } =
    chart._internal_defaults_do_not_set;
  await options.kube.apply({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: INJECTOR,
      namespace: ROOT_NAMESPACE,
      labels: { 'istio.io/rev': REVISION },
    },
    data: {
      values: JSON.stringify({
        global: {
          ...global,
          meshID: meshId,
          network,
          multiCluster: { clusterName: cluster },
        },
        sidecarInjectorWebhook,
        pilot: { cni, env },
        gateways: {
          securityContext: gateways.securityContext,
          seccompProfile: gateways.seccompProfile,
        },
        revision,
      }),
      config: stringify({
        defaultTemplates: ['sidecar'],
        policy: 'enabled',
        alwaysInjectSelector: [],
        neverInjectSelector: [],
        injectedAnnotations: {},
        templates: { sidecar: template },
      }),
    },
  });
}

/**
 * Lets the API server ask the injector about every new pod, and waits until istiod has written the CA by which it is
 * known. A pod that nobody can inject is not created, as on a real mesh.
 *
 * @param options - address of istiod, which its certificate must name
 */
export async function startInjecting(options: {
  cluster: string;
  address: string;
  kube: KubeClient;
}): Promise<void> {
  const { kube, address } = options;
  const webhook: KubeObject = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: INJECTOR, labels: { 'istio.io/rev': REVISION } },
    webhooks: [
      {
        name: 'object.sidecar-injector.istio.io',
        clientConfig: {
          url: `https://${address}:${ISTIOD_PORTS.https}/inject`,
        },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        failurePolicy: 'Fail',
        rules: [
          {
            operations: ['CREATE'],
            apiGroups: [''],
            apiVersions: ['v1'],
            resources: ['pods'],
          },
        ],
        // Where it is not said that a namespace is injected, its pods are all the same: tests ask for pods one by one.
        objectSelector: {
          matchExpressions: [
            {
              key: 'sidecar.istio.io/inject',
              operator: 'NotIn',
              values: ['false'],
            },
          ],
        },
      },
    ],
  };
  await kube.apply(webhook);
  await eventually(
    async () => {
      const now = await kube.get({
        apiVersion: webhook.apiVersion,
        kind: webhook.kind,
        name: INJECTOR,
      });
      const { webhooks } = now as unknown as {
        webhooks: { clientConfig: { caBundle?: string } }[];
      };
      return webhooks.every(one => one.clientConfig.caBundle);
    },
    { what: `istiod of ${options.cluster} can inject pods` },
  );
}
