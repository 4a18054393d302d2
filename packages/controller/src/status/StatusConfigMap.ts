import {
  Condition,
  Epoch,
  LABEL_MANAGED_BY,
  MANAGED_BY,
  formatEpoch,
} from '@isthmus/plugin-gns-common';
import { isoTime } from '../timing/Clock';
import { KubeApi } from '../kube/KubeApi';
import { OWN_RESOURCES } from '../kube/resources';

export const STATUS_NAME = 'isthmus-status';
/** Conditions shown; a ConfigMap holds 1 MiB. */
const MAX_CONDITIONS = 200;

/** What a person sees with `kubectl -n isthmus-system get configmap isthmus-status -o yaml`. */
export interface ControllerStatus {
  cluster: string;
  appliedEpoch: Epoch;
  hub: { reachable: boolean | undefined; since: number; error?: string };
  paused: readonly string[];
  objects: Record<string, number>;
  conditions: readonly Condition[];
}

/** Text that changes only when the status does: times of mere contact are left out. */
export function renderStatus(status: ControllerStatus): Record<string, string> {
  const { hub } = status;
  let reachable = 'Unknown';
  if (hub.reachable !== undefined) reachable = hub.reachable ? 'True' : 'False';
  return {
    cluster: status.cluster,
    appliedEpoch: formatEpoch(status.appliedEpoch),
    hubReachable: reachable,
    hubReachableSince: isoTime(hub.since),
    hubError: hub.error ?? '',
    paused: status.paused.join(','),
    objects: Object.entries(status.objects)
      .map(([state, count]) => `${state}: ${count}`)
      .join('\n'),
    conditions: status.conditions
      .slice(0, MAX_CONDITIONS)
      .map(c => `${c.type}=${c.status} (${c.reason}) ${c.message}`)
      .join('\n'),
  };
}

/** Writes the status when it changed. */
export class StatusConfigMap {
  #written: string | undefined;

  constructor(
    private readonly kube: KubeApi,
    private readonly namespace: string,
  ) {}

  async write(status: ControllerStatus): Promise<boolean> {
    const data = renderStatus(status);
    const text = JSON.stringify(data);
    if (text === this.#written) return false;
    await this.kube.apply(
      OWN_RESOURCES.configMaps,
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: STATUS_NAME,
          namespace: this.namespace,
          labels: { [LABEL_MANAGED_BY]: MANAGED_BY },
        },
        data,
      },
      { force: true },
    );
    this.#written = text;
    return true;
  }
}
