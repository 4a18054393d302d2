import { CONTROLLER_NAME } from '@isthmus/plugin-gns-common';
import { z } from 'zod';
import { Clock, isoTime } from '../timing/Clock';
import { jittered } from '../timing/Backoff';
import { Intervals } from '../timing/Intervals';
import { Logger, messageOf } from '../logging';
import { KubeApi, KubeObject, isKubeStatus } from '../kube/KubeApi';
import { OWN_RESOURCES } from '../kube/resources';

const leaseSchema = z.looseObject({
  spec: z
    .looseObject({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
      renewTime: z.string().nullish(),
      leaseTransitions: z.number().nullish(),
      acquireTime: z.string().nullish(),
    })
    .nullish(),
});

export interface LeadershipOptions {
  kube: KubeApi;
  clock: Clock;
  intervals: Pick<Intervals, 'lease'>;
  logger: Logger;
  namespace: string;
  /** Name of this replica. */
  holder: string;
}

/**
 * The Lease `isthmus-controller`: of several replicas one reconciles. While
 * renewals fail, writes stop before another replica could take over, and go
 * on when it turns out that none did.
 */
export class Leadership {
  readonly #options: LeadershipOptions;
  /** Our last successful renewal, by our own clock. */
  #renewedAt = -Infinity;
  /** What we saw last of another holder, and when by our own clock: clocks differ. */
  #observed: { text: string; at: number } | undefined;

  static create(options: LeadershipOptions): Leadership {
    return new Leadership(options);
  }

  private constructor(options: LeadershipOptions) {
    this.#options = options;
  }

  /** Whether nobody else can hold the lease now. */
  get isHeld(): boolean {
    const { clock, intervals } = this.#options;
    return clock.now() - this.#renewedAt < intervals.lease.duration * 0.8;
  }

  /** Waits until the lease is ours; false when aborted first. */
  async acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, intervals, logger } = this.#options;
    while (!signal.aborted) {
      try {
        if (await this.#tryOnce(signal)) return true;
      } catch (error) {
        if (signal.aborted) return false;
        logger.warn(`lease: ${messageOf(error)}`);
      }
      await clock.sleep(jittered(intervals.lease.retry, 0.2, clock), signal);
    }
    return false;
  }

  /** Renews until another replica holds it, or aborted. */
  async keep(signal: AbortSignal): Promise<void> {
    const { clock, intervals, logger } = this.#options;
    while (!signal.aborted) {
      const { renew, retry } = intervals.lease;
      await clock.sleep(this.isHeld ? renew : retry, signal);
      if (signal.aborted) return;
      try {
        if (!(await this.#tryOnce(signal))) {
          logger.warn('Another replica took the lease');
          this.#renewedAt = -Infinity;
          return;
        }
      } catch (error) {
        if (signal.aborted) return;
        logger.warn(`lease: ${messageOf(error)}`);
        await clock.sleep(jittered(retry, 0.2, clock), signal);
      }
    }
  }

  /** Lets the next replica in at once. */
  async release(): Promise<void> {
    const { kube, logger } = this.#options;
    if (!this.isHeld) return;
    this.#renewedAt = -Infinity;
    try {
      const lease = await kube.get(OWN_RESOURCES.leases, this.#name());
      if (!lease || readHolder(lease) !== this.#options.holder) return;
      await kube.replace(OWN_RESOURCES.leases, {
        ...lease,
        spec: {
          ...(lease.spec as object),
          holderIdentity: '',
          leaseDurationSeconds: 1,
        },
      });
    } catch (error) {
      // It expires by itself then.
      logger.debug(`lease: ${messageOf(error)}`);
    }
  }

  async #tryOnce(signal: AbortSignal): Promise<boolean> {
    const { kube, clock, holder } = this.#options;
    const sentAt = clock.now();
    const lease = await kube.get(OWN_RESOURCES.leases, this.#name(), signal);
    if (lease && readHolder(lease) !== holder && !this.#hasExpired(lease)) {
      return false;
    }
    try {
      if (lease) {
        await kube.replace(OWN_RESOURCES.leases, this.#ours(lease), signal);
      } else {
        await kube.create(OWN_RESOURCES.leases, this.#ours(), signal);
      }
    } catch (error) {
      // Another replica was quicker; the next look tells whose it is.
      if (isKubeStatus(error, 409)) return false;
      throw error;
    }
    this.#renewedAt = sentAt;
    return true;
  }

  /** Unchanged for its whole duration since we first saw it so. */
  #hasExpired(lease: KubeObject): boolean {
    const spec = leaseSchema.parse(lease).spec ?? {};
    if (!spec.holderIdentity) return true;
    const text = JSON.stringify([spec.holderIdentity, spec.renewTime]);
    const now = this.#options.clock.now();
    if (this.#observed?.text !== text) {
      this.#observed = { text, at: now };
      return false;
    }
    return now - this.#observed.at > (spec.leaseDurationSeconds ?? 15) * 1000;
  }

  #ours(lease?: KubeObject): KubeObject {
    const { clock, intervals, holder } = this.#options;
    const before = lease ? leaseSchema.parse(lease).spec ?? {} : {};
    // Kubernetes wants microseconds here.
    const now = isoTime(clock.now()).replace('Z', '000Z');
    const kept = before.holderIdentity === holder;
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: lease?.metadata ?? this.#name(),
      spec: {
        holderIdentity: holder,
        leaseDurationSeconds: Math.ceil(intervals.lease.duration / 1000),
        renewTime: now,
        acquireTime: (kept && before.acquireTime) || now,
        leaseTransitions: (before.leaseTransitions ?? 0) + (kept ? 0 : 1),
      },
    };
  }

  #name() {
    return { name: CONTROLLER_NAME, namespace: this.#options.namespace };
  }
}

function readHolder(lease: KubeObject): string {
  return leaseSchema.parse(lease).spec?.holderIdentity ?? '';
}
