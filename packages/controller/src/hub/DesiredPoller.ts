import {
  DesiredState,
  PublicKey,
  ZERO_EPOCH,
  compareEpochs,
} from '@isthmus/plugin-gns-common';
import { Backoff } from '../timing/Backoff';
import { Clock } from '../timing/Clock';
import { Intervals } from '../timing/Intervals';
import { Logger, messageOf } from '../logging';
import { Refusal, acceptDelta, digestOf } from './acceptDelta';
import { HighestEpoch, Hub, HubError } from './Hub';
import { HubContact } from './HubContact';
import { readSignature } from './keys';

export interface DesiredPollerOptions {
  hub: Hub;
  clock: Clock;
  intervals: Pick<Intervals, 'hubBackoff'>;
  logger: Logger;
  contact: HubContact;
  identity(): { hubId: string; clusterId: string; hubKey: PublicKey };
  initial: DesiredState | undefined;
  highest: HighestEpoch;
  /** A verified, newer desired state; `changed` absent: all of it. */
  onState(state: DesiredState, changed?: Set<string>): void;
  /** One answer was refused, for metrics. */
  onRefusal?(reason: DesiredRefusal['reason']): void;
}

/** Why the hub's last desired state was refused. */
export interface DesiredRefusal {
  reason: Refusal | 'BadSignature' | 'Malformed' | 'HubBehind';
  message: string;
  at: number;
}

/** Holds a poll at the hub and takes what proves to be the hub's. */
export class DesiredPoller {
  readonly #options: DesiredPollerOptions;
  #current: DesiredState | undefined;
  #digest: string | undefined;
  #highest: HighestEpoch;
  #askWhole = false;
  #refusal: DesiredRefusal | undefined;

  static create(options: DesiredPollerOptions): DesiredPoller {
    return new DesiredPoller(options);
  }

  private constructor(options: DesiredPollerOptions) {
    this.#options = options;
    this.#current = options.initial;
    this.#digest = options.initial && digestOf(options.initial);
    this.#highest = options.highest;
  }

  get current(): DesiredState | undefined {
    return this.#current;
  }

  get highest(): HighestEpoch {
    return this.#highest;
  }

  /** Set while the hub's answers are refused. */
  get refusal(): DesiredRefusal | undefined {
    return this.#refusal;
  }

  /** Polls until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, intervals, logger, contact } = this.#options;
    const backoff = new Backoff(intervals.hubBackoff, clock);
    while (!signal.aborted) {
      const startedAt = clock.now();
      try {
        const good = await this.#poll(signal);
        contact.answered();
        if (good) {
          backoff.reset();
          // A hub that does not hold polls is not asked without pause.
          if (good === 'nothing' && clock.now() - startedAt < 1_000) {
            await clock.sleep(backoff.next(), signal);
          }
        } else await clock.sleep(backoff.next(), signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isMalformed(error)) {
          contact.answered();
          this.#refuse(
            'Malformed',
            `The hub's answer is no desired state: ${messageOf(error).slice(
              0,
              500,
            )}`,
          );
        } else if (error instanceof HubError && error.status === 409) {
          // Restored from an older backup: it is read-only until a person confirms.
          contact.answered();
          this.#refuse('HubBehind', error.message);
        } else contact.failed(error);
        const wait = Math.max(
          backoff.next(),
          error instanceof HubError ? error.retryAfter ?? 0 : 0,
        );
        logger.debug(`desired: ${messageOf(error)}`, { retryIn: wait });
        await clock.sleep(wait, signal);
      }
    }
  }

  /** `false` when the answer was refused. */
  async #poll(signal: AbortSignal): Promise<'taken' | 'nothing' | false> {
    const { hub, identity } = this.#options;
    const after =
      this.#askWhole || !this.#current ? ZERO_EPOCH : this.#current.epoch;
    const delta = await hub.desired(after, this.#highest, signal);
    if (!delta) {
      this.#refusal = undefined;
      return 'nothing';
    }
    const { hubId, clusterId, hubKey } = identity();
    let signed;
    try {
      signed = await readSignature(delta, hubKey);
    } catch (error) {
      this.#refuse(
        'BadSignature',
        `The desired state is not signed by the hub that this cluster enrolled with: ${messageOf(
          error,
        )}`,
      );
      return false;
    }
    const verdict = acceptDelta({
      delta,
      signed,
      hubId,
      clusterId,
      current: this.#current,
      currentDigest: this.#digest,
      highest: this.#highest.epoch,
    });
    if (!verdict.taken) {
      if (verdict.reason === undefined) {
        this.#askWhole = false;
        this.#refusal = undefined;
        return 'nothing';
      }
      // A delta that does not fit may be mended by the whole.
      this.#askWhole ||= ['Cut', 'WrongBase'].includes(verdict.reason);
      this.#refuse(verdict.reason, verdict.message);
      return false;
    }
    this.#askWhole = false;
    this.#refusal = undefined;
    this.#current = verdict.state;
    this.#digest = delta.digest;
    if (compareEpochs(delta.epoch, this.#highest.epoch) > 0) {
      this.#highest = { epoch: delta.epoch, proof: delta.signature };
    }
    this.#options.onState(verdict.state, verdict.changed);
    return 'taken';
  }

  #refuse(reason: DesiredRefusal['reason'], message: string): void {
    if (this.#refusal?.message !== message) {
      this.#options.logger.warn(`desired state refused: ${message}`, {
        reason,
      });
    }
    this.#options.onRefusal?.(reason);
    this.#refusal = { reason, message, at: this.#options.clock.now() };
    this.#options.contact.changed();
  }
}

/** The hub did answer, but not with what the contract says. */
function isMalformed(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'ZodError' ||
      error.name === '$ZodError' ||
      error instanceof SyntaxError ||
      error instanceof RangeError)
  );
}
