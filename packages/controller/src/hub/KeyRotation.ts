import { Clock } from '../timing/Clock';
import { jittered } from '../timing/Backoff';
import { Intervals } from '../timing/Intervals';
import { Logger, messageOf } from '../logging';
import { Identity } from '../state/Identity';
import { Hub, HubError } from './Hub';
import { makeSigningKey, rekeyRequest } from './keys';

export interface KeyRotationOptions {
  hub: Hub;
  clock: Clock;
  intervals: Pick<Intervals, 'rekey' | 'hubBackoff'>;
  logger: Logger;
  identity(): Identity;
  /** Keeps a change of the identity; it is in use when this resolves. */
  save(change: Partial<Identity>): Promise<void>;
}

const CHECK = 3_600_000;

/**
 * Replaces the controller's key at the hub: the new key is kept before the hub
 * is asked, so that an answer that is lost locks nobody out.
 */
export class KeyRotation {
  readonly #options: KeyRotationOptions;

  static create(options: KeyRotationOptions): KeyRotation {
    return new KeyRotation(options);
  }

  private constructor(options: KeyRotationOptions) {
    this.#options = options;
  }

  /** Rotates on schedule until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, intervals, identity, logger } = this.#options;
    while (!signal.aborted) {
      const { nextKey, keyMadeAt } = identity();
      if (nextKey || clock.now() - keyMadeAt >= intervals.rekey) {
        try {
          await this.rekey(signal);
        } catch (error) {
          if (signal.aborted) return;
          logger.warn(`rekey: ${messageOf(error)}`);
          await clock.sleep(
            jittered(intervals.hubBackoff.max, 0.5, clock),
            signal,
          );
          continue;
        }
      }
      await clock.sleep(Math.min(CHECK, intervals.rekey), signal);
    }
  }

  /** Replaces the key now. Throws what the hub or the API server answered. */
  async rekey(signal?: AbortSignal): Promise<void> {
    const { hub, clock, identity, save, logger } = this.#options;
    const next = identity().nextKey ?? makeSigningKey();
    await save({ nextKey: next });
    const request = await rekeyRequest(identity().clusterId, next);
    const adopt = () =>
      save({ key: next, keyMadeAt: clock.now(), nextKey: undefined });
    const old = identity();
    try {
      await hub.rekey(request, signal);
    } catch (error) {
      if (!(error instanceof HubError) || error.status !== 401) throw error;
      // Perhaps the hub took the new key and its answer was lost: ask with that one.
      await save({ key: next });
      try {
        await hub.rekey(request, signal);
      } catch (second) {
        await save({ key: old.key });
        throw second;
      }
    }
    await adopt();
    logger.info('The hub has taken a new key of this controller');
  }
}
