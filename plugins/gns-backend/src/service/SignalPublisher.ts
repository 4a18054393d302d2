import type { LoggerService } from '@backstage/backend-plugin-api';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { SIGNAL_CHANNEL, type GnsSignal } from '@isthmus/plugin-gns-common';

type Changed = GnsSignal['changed'][number];

/** Changes within this share one signal, milliseconds. */
const DEBOUNCE_MS = 500;

/**
 * Tells open pages what to read again: ids only, at most twice a second.
 * Without the signals plugin pages poll.
 */
export class SignalPublisher {
  readonly #signals: SignalsService | undefined;
  readonly #logger: LoggerService;
  readonly #changed = new Set<Changed>();
  readonly #gns = new Set<string>();
  /** Something changed that concerns no single global namespace. */
  #everything = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    signals: SignalsService | undefined;
    logger: LoggerService;
  }) {
    this.#signals = options.signals;
    this.#logger = options.logger;
  }

  publish(changed: Changed, gns?: Iterable<string>): void {
    if (!this.#signals) return;
    this.#changed.add(changed);
    if (gns === undefined) this.#everything = true;
    else for (const name of gns) this.#gns.add(name);
    this.#timer ??= setTimeout(() => this.#send(), DEBOUNCE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #send(): void {
    this.#timer = undefined;
    const message: GnsSignal = {
      changed: [...this.#changed].sort(),
      ...(this.#everything ? {} : { gns: [...this.#gns].sort() }),
    };
    this.#changed.clear();
    this.#gns.clear();
    this.#everything = false;
    this.#signals
      ?.publish({
        recipients: { type: 'broadcast' },
        channel: SIGNAL_CHANNEL,
        message,
      })
      .catch(error => {
        this.#logger.warn(`A signal was not sent; pages poll: ${error}`);
      });
  }
}
