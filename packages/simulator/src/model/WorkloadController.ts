import type { KubernetesObject } from '../apiserver/objects';
import { jsonEqual } from '../apiserver/objects';
import type { ApiServer } from '../apiserver/server';
import { endpointSlice, isReady } from './endpointSlices';
import { proxyEnvironment, wantsProxy } from './injection';
import type { Container, DeploymentSpec } from './podObjects';
import { nameSuffix, podObject, podStatus } from './podObjects';

/** What the controller must know of its cluster. */
export interface WorkloadControllerOptions {
  api: ApiServer;
  clusterName: string;
  network: string;
  /** First two numbers of pod addresses. */
  podNetwork: string;
  /** How long a new pod takes to become ready, milliseconds. */
  startupMs: number;
  now: () => Date;
}

const HASH_LENGTH = 9;
const SUFFIX_LENGTH = 5;
const FIELD_MANAGER = 'kube-controller-manager';

function isOwnedBy(object: KubernetesObject, owner: KubernetesObject) {
  return object.metadata.ownerReferences?.some(
    ({ uid }) => uid === owner.metadata.uid,
  );
}

/**
 * The deployment, replica-set and endpoint controllers, the scheduler, the
 * kubelet and the sidecar injector of a simulated cluster, in one.
 */
export class WorkloadController {
  readonly #pending = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #unsubscribe: () => void;
  #births = 0;
  #nextAddress = 10;
  #stopped = false;

  constructor(private readonly options: WorkloadControllerOptions) {
    const { api } = options;
    const used = api
      .readAll('v1', 'Pod')
      .map(pod => String((pod.status as { podIP?: string }).podIP ?? ''));
    this.#nextAddress += used.length;
    this.#births = used.length;
    this.#unsubscribe = api.store.observe(({ object }) => {
      if (this.#stopped) return;
      const { namespace = '', name, labels = {} } = object.metadata;
      if (object.kind === 'Deployment') this.#enqueue(namespace, name);
      if (object.kind === 'Pod' && labels.app) {
        this.#enqueue(namespace, labels.app);
      }
    });
  }

  stop() {
    this.#stopped = true;
    this.#unsubscribe();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Brings every Deployment to its state at once: its first pods are ready. */
  settle() {
    for (const { metadata } of this.options.api.readAll(
      'apps/v1',
      'Deployment',
    )) {
      this.reconcile(metadata.namespace ?? '', metadata.name, true);
    }
  }

  /** Ends a pod of a Deployment, as a node problem or a roll-out would. */
  restartOnePod(namespace: string, deployment: string) {
    const pods = this.#podsOf(namespace, deployment).filter(isReady);
    const oldest = pods.sort((a, b) =>
      (a.metadata.creationTimestamp ?? '') <
      (b.metadata.creationTimestamp ?? '')
        ? -1
        : 1,
    )[0];
    if (oldest) this.options.api.unseed(oldest);
  }

  #enqueue(namespace: string, name: string) {
    const key = `${namespace}/${name}`;
    if (this.#pending.has(key)) return;
    this.#pending.add(key);
    setImmediate(() => {
      this.#pending.delete(key);
      if (!this.#stopped) this.reconcile(namespace, name, false);
    });
  }

  #podsOf(namespace: string, deployment: string): KubernetesObject[] {
    const { api } = this.options;
    return api.readAll('v1', 'Pod', namespace).filter(pod =>
      pod.metadata.ownerReferences?.some(({ kind, name }) => {
        const owner =
          kind === 'ReplicaSet' &&
          api.read('apps/v1', 'ReplicaSet', namespace, name);
        return (
          owner &&
          owner.metadata.ownerReferences?.some(
            ref => ref.kind === 'Deployment' && ref.name === deployment,
          )
        );
      }),
    );
  }

  /**
   * One round for one Deployment: its ReplicaSet, its pods, its status and
   * the endpoints of its service.
   *
   * @param ready - new pods are ready from the start
   */
  reconcile(namespace: string, name: string, ready: boolean) {
    const { api } = this.options;
    const deployment = api.read('apps/v1', 'Deployment', namespace, name);
    if (deployment && !deployment.metadata.deletionTimestamp) {
      const replicaSet = this.#replicaSet(deployment);
      this.#pods(deployment, replicaSet, ready);
      this.#retireOldReplicaSets(deployment, replicaSet);
      this.#status(deployment, replicaSet);
    }
    this.#endpoints(namespace, name);
  }

  #replicaSet(deployment: KubernetesObject): KubernetesObject {
    const { api } = this.options;
    const { namespace = '', name, uid = '' } = deployment.metadata;
    const spec = deployment.spec as unknown as DeploymentSpec;
    const hash = nameSuffix(JSON.stringify(spec.template), HASH_LENGTH);
    const setName = `${name}-${hash}`;
    const live = api.read('apps/v1', 'ReplicaSet', namespace, setName);
    const replicas = spec.replicas ?? 1;
    if (live) {
      const liveSpec = live.spec as unknown as DeploymentSpec;
      return liveSpec.replicas === replicas
        ? live
        : api.replace({ ...live, spec: { ...liveSpec, replicas } });
    }
    const labels = {
      ...spec.template.metadata?.labels,
      'pod-template-hash': hash,
    };
    const { selector } = deployment.spec as {
      selector: { matchLabels?: Record<string, string> };
    };
    return api.seed(
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: {
          name: setName,
          namespace,
          labels,
          annotations: { 'deployment.kubernetes.io/revision': '1' },
          ownerReferences: [
            {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              name,
              uid,
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
        spec: {
          replicas,
          selector: {
            matchLabels: { ...selector.matchLabels, 'pod-template-hash': hash },
          },
          template: {
            ...spec.template,
            metadata: { ...spec.template.metadata, labels },
          },
        },
        status: { replicas: 0 },
      },
      FIELD_MANAGER,
    );
  }

  #pods(
    deployment: KubernetesObject,
    replicaSet: KubernetesObject,
    ready: boolean,
  ) {
    const { api } = this.options;
    const { namespace = '', name } = deployment.metadata;
    const spec = deployment.spec as unknown as DeploymentSpec;
    const wanted = spec.replicas ?? 1;
    const all = this.#podsOf(namespace, name);
    const current = all.filter(pod => isOwnedBy(pod, replicaSet));
    for (const pod of current.slice(wanted)) api.unseed(pod);
    for (let n = current.length; n < wanted; n += 1) {
      this.#bearPod(replicaSet, spec.template, ready);
    }
    // Rolling update: the old ones go when the new ones serve.
    const serving = this.#podsOf(namespace, name).filter(isReady);
    const newServing = serving.filter(
      pod => !all.includes(pod) || current.includes(pod),
    );
    if (newServing.length >= wanted) {
      for (const pod of all) if (!current.includes(pod)) api.unseed(pod);
    }
  }

  #retireOldReplicaSets(
    deployment: KubernetesObject,
    current: KubernetesObject,
  ) {
    const { api } = this.options;
    const { namespace = '', name } = deployment.metadata;
    const left = this.#podsOf(namespace, name);
    for (const set of api.readAll('apps/v1', 'ReplicaSet', namespace)) {
      const own = isOwnedBy(set, deployment);
      const used = left.some(pod => isOwnedBy(pod, set));
      if (own && !used && set.metadata.uid !== current.metadata.uid) {
        api.unseed(set);
      }
    }
  }

  #bearPod(
    replicaSet: KubernetesObject,
    template: DeploymentSpec['template'],
    ready: boolean,
  ) {
    const { api, clusterName, network, podNetwork, startupMs, now } =
      this.options;
    const { namespace = '', name } = replicaSet.metadata;
    this.#births += 1;
    const nodes = api.readAll('v1', 'Node');
    const node = nodes[this.#births % Math.max(nodes.length, 1)];
    const addresses = node
      ? (node.status as { addresses: Array<{ address: string }> }).addresses
      : [];
    const address = this.#nextAddress;
    this.#nextAddress += 1;
    const pod = podObject({
      replicaSet,
      template,
      name: `${name}-${nameSuffix(
        `${clusterName}/${namespace}/${name}/${this.#births}`,
        SUFFIX_LENGTH,
      )}`,
      ip: `${podNetwork}.${(Math.floor(address / 250) % 250) + 1}.${
        (address % 250) + 1
      }`,
      node: {
        name: node?.metadata.name ?? '',
        address: addresses[0]?.address ?? '',
      },
      ready,
      at: now(),
      ...(wantsProxy(api, namespace, template)
        ? {
            proxy: {
              clusterName,
              network,
              environment: proxyEnvironment(api, namespace),
            },
          }
        : {}),
    });
    const stored = api.seed(pod, 'kubelet');
    if (!ready) this.#later(startupMs, () => this.#becomeReady(stored));
  }

  #later(milliseconds: number, action: () => void) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    timer.unref();
    this.#timers.add(timer);
  }

  #becomeReady(born: KubernetesObject) {
    const { api, now } = this.options;
    const { namespace = '', name, uid } = born.metadata;
    const pod = api.read('v1', 'Pod', namespace, name);
    if (!pod || pod.metadata.uid !== uid) return;
    const { containers } = pod.spec as { containers: Container[] };
    const { podIP, hostIP } = pod.status as { podIP: string; hostIP: string };
    const place = { ip: podIP, hostIp: hostIP };
    api.replace({ ...pod, status: podStatus(containers, place, true, now()) });
  }

  /** Pods that were starting when the simulator stopped become ready now. */
  finishStarts() {
    for (const pod of this.options.api.readAll('v1', 'Pod')) {
      if (!isReady(pod)) this.#becomeReady(pod);
    }
  }

  #status(deployment: KubernetesObject, replicaSet: KubernetesObject) {
    const { namespace = '', name } = deployment.metadata;
    const pods = this.#podsOf(namespace, name);
    const ready = pods.filter(isReady).length;
    const { replicas: wanted = 1 } = deployment.spec as { replicas?: number };
    const counts = {
      replicas: pods.length,
      readyReplicas: ready,
      availableReplicas: ready,
    };
    this.#writeStatus(replicaSet, {
      ...counts,
      fullyLabeledReplicas: pods.length,
      observedGeneration: replicaSet.metadata.generation,
    });
    this.#writeStatus(deployment, {
      ...counts,
      updatedReplicas: pods.filter(pod => isOwnedBy(pod, replicaSet)).length,
      observedGeneration: deployment.metadata.generation,
      conditions: [
        {
          type: 'Available',
          status: ready >= Math.min(wanted, 1) ? 'True' : 'False',
          reason: 'MinimumReplicasAvailable',
        },
        {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
        },
      ],
    });
  }

  #writeStatus(object: KubernetesObject, status: Record<string, unknown>) {
    const { api } = this.options;
    const { namespace = '', name } = object.metadata;
    const live = api.read(object.apiVersion, object.kind, namespace, name);
    if (live && !jsonEqual(live.status, status)) {
      api.replace({ ...live, status });
    }
  }

  #endpoints(namespace: string, name: string) {
    const { api } = this.options;
    const service = api.read('v1', 'Service', namespace, name);
    if (!service) return;
    const { selector = {} } = service.spec as {
      selector?: Record<string, string>;
    };
    const pods = api
      .readAll('v1', 'Pod', namespace)
      .filter(({ metadata: { labels = {} } }) =>
        Object.entries(selector).every(([key, value]) => labels[key] === value),
      );
    const slice = endpointSlice(
      service,
      pods,
      node =>
        api.read('v1', 'Node', '', node)?.metadata.labels?.[
          'topology.kubernetes.io/zone'
        ],
    );
    const live = api.read(
      slice.apiVersion,
      slice.kind,
      namespace,
      slice.metadata.name,
    );
    if (!live || !jsonEqual(live.endpoints, slice.endpoints)) {
      api.seed(slice, FIELD_MANAGER);
    }
  }
}
