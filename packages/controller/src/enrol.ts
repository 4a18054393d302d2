import { createHash } from 'node:crypto';
import { Backoff } from './timing/Backoff';
import { Clock } from './timing/Clock';
import { Intervals } from './timing/Intervals';
import { Hub, HubError } from './hub/Hub';
import { makeSigningKey, publicHalf } from './hub/keys';
import { Logger, messageOf } from './logging';
import { KubeApi } from './kube/KubeApi';
import { READ_RESOURCES } from './kube/resources';
import { Identity } from './state/Identity';
import { CONTROLLER_VERSION } from './version';

/** What tells a join token from another without keeping it. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token.trim()).digest('hex');
}

/**
 * Enrols with a one-time join token and keeps trying while the hub cannot be
 * reached; undefined when aborted. `previous`: who we were; its report numbers
 * go on, and it stays in use when the hub refuses the token.
 */
export async function enrol(
  options: {
    hub: Hub;
    kube: KubeApi;
    clock: Clock;
    intervals: Pick<Intervals, 'hubBackoff'>;
    logger: Logger;
    token: string;
    previous: Identity | undefined;
    onFailure(error: unknown): void;
    save(identity: Identity): Promise<void>;
  },
  signal: AbortSignal,
): Promise<Identity | undefined> {
  const { hub, clock, logger, token, previous } = options;
  const backoff = new Backoff(options.intervals.hubBackoff, clock);
  // One key for all attempts: an answer may be lost after the hub took it.
  const key = makeSigningKey();
  while (!signal.aborted) {
    try {
      const clusterUid = await readClusterUid(options.kube, signal);
      const answer = await hub.enroll(
        {
          token: token.trim(),
          publicKey: publicHalf(key),
          clusterUid,
          controllerVersion: CONTROLLER_VERSION,
        },
        signal,
      );
      const identity: Identity = {
        version: 1,
        ...answer,
        key,
        keyMadeAt: clock.now(),
        sequenceReserved: previous?.sequenceReserved ?? 0,
        tokenHash: hashOfToken(token),
      };
      await save(options, identity, signal);
      logger.info(
        `Enrolled as ${answer.clusterName} (${answer.clusterId}) with hub ${answer.hubId}`,
      );
      return identity;
    } catch (error) {
      if (signal.aborted) return undefined;
      options.onFailure(error);
      logger.warn(`enrol: ${messageOf(error)}`);
      const refused =
        error instanceof HubError && error.status >= 400 && error.status < 500;
      if (refused && previous && error.status !== 429) return previous;
      await clock.sleep(backoff.next(), signal);
    }
  }
  return undefined;
}

/** The token is spent, so the key must be kept: keep trying. */
async function save(
  options: {
    clock: Clock;
    intervals: Pick<Intervals, 'hubBackoff'>;
    logger: Logger;
    save(identity: Identity): Promise<void>;
  },
  identity: Identity,
  signal: AbortSignal,
): Promise<void> {
  const backoff = new Backoff(options.intervals.hubBackoff, options.clock);
  while (!signal.aborted) {
    try {
      await options.save(identity);
      return;
    } catch (error) {
      options.logger.error(
        `The identity could not be kept: ${messageOf(error)}`,
      );
      await options.clock.sleep(backoff.next(), signal);
    }
  }
}

async function readClusterUid(
  kube: KubeApi,
  signal: AbortSignal,
): Promise<string> {
  const system = await kube.get(
    READ_RESOURCES.namespaces,
    { name: 'kube-system' },
    signal,
  );
  const uid = system?.metadata.uid;
  if (!uid) throw new Error('The cluster has no namespace kube-system');
  return uid;
}
