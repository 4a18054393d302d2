import { connect } from 'node:net';
import { Probe, Reachability } from '@isthmus/plugin-gns-common';
import { Clock, isoTime } from '../timing/Clock';
import { jittered } from '../timing/Backoff';
import { Intervals } from '../timing/Intervals';

/** Opens and closes a TCP connection; milliseconds of the handshake. Rejects when it fails. */
export type Dial = (
  address: string,
  port: number,
  timeout: number,
) => Promise<number>;

const TIMEOUT = 5_000;
const CONCURRENCY = 20;

export const dialTcp: Dial = (address, port, timeout) =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const socket = connect({ host: address, port });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer within ${timeout} ms`));
    }, timeout);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(performance.now() - startedAt);
    });
    socket.once('error', error => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    });
  });

/** Measures from here who of the other clusters' gateways can be reached, and since when. */
export class GatewayProbes {
  readonly #options: {
    clock: Clock;
    intervals: Pick<Intervals, 'probe'>;
    dial: Dial;
    onChange(): void;
  };
  readonly #results = new Map<string, Reachability>();
  #probes: readonly Probe[] = [];
  #wake: AbortController | undefined;

  static create(options: {
    clock: Clock;
    intervals: Pick<Intervals, 'probe'>;
    dial: Dial;
    /** Something became reachable or ceased to be. */
    onChange(): void;
  }): GatewayProbes {
    return new GatewayProbes(options);
  }

  private constructor(options: {
    clock: Clock;
    intervals: Pick<Intervals, 'probe'>;
    dial: Dial;
    onChange(): void;
  }) {
    this.#options = options;
  }

  /** The gateways to probe from now on; new ones at once. */
  set(probes: readonly Probe[]): void {
    this.#probes = probes;
    const keys = new Set(probes.map(keyOf));
    for (const key of this.#results.keys()) {
      if (!keys.has(key)) this.#results.delete(key);
    }
    if (probes.some(p => !this.#results.has(keyOf(p)))) this.#wake?.abort();
  }

  results(): Reachability[] {
    return [...this.#results.values()];
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, intervals } = this.#options;
    while (!signal.aborted) {
      await this.#round();
      this.#wake = new AbortController();
      const either = AbortSignal.any([signal, this.#wake.signal]);
      if (this.#probes.every(p => this.#results.has(keyOf(p)))) {
        await clock.sleep(jittered(intervals.probe, 0.25, clock), either);
      }
    }
  }

  async #round(): Promise<void> {
    const waiting = [...this.#probes];
    const worker = async () => {
      for (let p = waiting.shift(); p; p = waiting.shift())
        await this.#probe(p);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  }

  async #probe(probe: Probe): Promise<void> {
    const { clock, dial, onChange } = this.#options;
    let outcome: Pick<Reachability, 'reachable' | 'latencyMs' | 'error'>;
    try {
      const took = await dial(probe.address, probe.port, TIMEOUT);
      outcome = { reachable: true, latencyMs: Math.round(took * 10) / 10 };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      outcome = { reachable: false, error: message.slice(0, 500) };
    }
    if (!this.#probes.some(p => keyOf(p) === keyOf(probe))) return;
    const before = this.#results.get(keyOf(probe));
    const now = isoTime(clock.now());
    const same = before?.reachable === outcome.reachable;
    this.#results.set(keyOf(probe), {
      ...probe,
      ...outcome,
      since: before && same ? before.since : now,
      checkedAt: now,
    });
    if (!same) onChange();
  }
}

function keyOf({ cluster, address, port }: Probe): string {
  return `${cluster}/${address}/${port}`;
}
