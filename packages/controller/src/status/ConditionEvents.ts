import { createHash } from 'node:crypto';
import {
  CONTROLLER_NAME,
  Condition,
  conditionKey,
} from '@isthmus/plugin-gns-common';
import { Clock, isoTime } from '../timing/Clock';
import { KubeApi, isKubeStatus } from '../kube/KubeApi';
import { OWN_RESOURCES } from '../kube/resources';

/** The same is told again after this, milliseconds: Kubernetes forgets events after an hour. */
const AGAIN = 3_600_000;
/** Longest message of an event (API conventions). */
const MAX_MESSAGE = 1024;

/**
 * Tells conditions that need a person as Kubernetes events on the controller's
 * Deployment: `kubectl -n isthmus-system get events`, also with the portal down.
 */
export class ConditionEvents {
  /** What was told, and when: by condition and reason. */
  readonly #told = new Map<string, number>();

  constructor(
    private readonly kube: Pick<KubeApi, 'create'>,
    private readonly namespace: string,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** Throws what the API server answered; what was not told is told next time. */
  async tell(conditions: readonly Condition[]): Promise<void> {
    const now = this.clock.now();
    const keys = new Set<string>();
    for (const condition of conditions) {
      const key = `${conditionKey(condition)} ${condition.reason}`;
      keys.add(key);
      const at = this.#told.get(key);
      if (at !== undefined && now - at < AGAIN) continue;
      await this.#create(condition, key, now);
      this.#told.set(key, now);
    }
    for (const key of this.#told.keys()) {
      if (!keys.has(key)) this.#told.delete(key);
    }
  }

  async #create(condition: Condition, key: string, now: number): Promise<void> {
    // A controller that restarts within the hour tells nothing twice.
    const name = createHash('sha256')
      .update(`${key} ${Math.floor(now / AGAIN)}`)
      .digest('hex')
      .slice(0, 16);
    const time = isoTime(now).replace(/\.\d+Z$/, 'Z');
    try {
      await this.kube.create(OWN_RESOURCES.events, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: {
          name: `${CONTROLLER_NAME}.${name}`,
          namespace: this.namespace,
        },
        involvedObject: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: CONTROLLER_NAME,
          namespace: this.namespace,
        },
        type: 'Warning',
        reason: condition.type,
        message: `${condition.reason}: ${condition.message}`.slice(
          0,
          MAX_MESSAGE,
        ),
        source: { component: CONTROLLER_NAME },
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
      });
    } catch (error) {
      if (!isKubeStatus(error, 409)) throw error;
    }
  }
}
