import { Clock } from '../timing/Clock';
import { Backoff, jittered } from '../timing/Backoff';
import { Intervals } from '../timing/Intervals';
import { Logger, messageOf } from '../logging';
import {
  KubeApi,
  KubeError,
  KubeObject,
  KubeResource,
  KubeSelector,
  isKubeStatus,
  nameKey,
} from './KubeApi';

/** What a reflector knows about its own view. */
export type ReflectorState =
  /** Never listed, or the watch is broken: absence means nothing. */
  { synced: false; reason: string; missing: boolean } | { synced: true };

export interface ReflectorHandlers {
  /** Seen in a list or by the watch. */
  onUpsert(object: KubeObject, how: 'list' | 'watch'): void;
  /** `watch`: a live watch saw the deletion; `list`: it was gone when we looked again. */
  onDelete(key: string, how: 'list' | 'watch'): void;
  onState?(state: ReflectorState): void;
}

export interface ReflectorOptions {
  kube: KubeApi;
  resource: KubeResource;
  selector?: KubeSelector;
  clock: Clock;
  intervals: Pick<Intervals, 'kubeBackoff' | 'watchSilence' | 'relist'>;
  logger: Logger;
  handlers: ReflectorHandlers;
}

/** Objects per page of a list. */
const PAGE = 500;
/** Pods are large: short pages keep the memory of a first list small. */
const PODS_PAGE = 100;

/**
 * Follows one resource type: list, then watch, for ever. It survives 410 Gone
 * (lists again), a silent watch (opens a new one), an API server that restarts
 * (backs off with full jitter), and lists anew now and then in case an event
 * was lost. It keeps names only: what to remember is the handlers' choice.
 */
export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #known = new Set<string>();
  #state: ReflectorState = {
    synced: false,
    reason: 'not listed yet',
    missing: false,
  };

  static create(options: ReflectorOptions): Reflector {
    return new Reflector(options);
  }

  private constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  get state(): ReflectorState {
    return this.#state;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Runs until `signal` is aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, intervals, logger, resource } = this.#options;
    const backoff = new Backoff(intervals.kubeBackoff, clock);
    let version: string | undefined;
    let relistAt = 0;
    while (!signal.aborted) {
      try {
        if (version === undefined || clock.now() >= relistAt) {
          version = await this.#list(signal);
          relistAt = clock.now() + jittered(intervals.relist, 0.5, clock);
        }
        const opened = clock.now();
        version = await this.#watch(version, relistAt, signal, backoff);
        // A server that ends every watch at once would be asked without pause.
        if (clock.now() - opened < 1_000) {
          await clock.sleep(backoff.next(), signal);
        } else {
          backoff.reset();
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof KubeError && error.isExpired) {
          version = undefined;
          logger.debug(`${resource.kind}: watch expired, listing again`);
          await clock.sleep(backoff.next(), signal);
          continue;
        }
        const missing = isKubeStatus(error, 404);
        if (missing) version = undefined;
        this.#setState({
          synced: false,
          missing,
          reason: `${resource.kind}: ${messageOf(error)}`.slice(0, 500),
        });
        const wait = Math.max(
          backoff.next(),
          error instanceof KubeError ? (error.retryAfter ?? 0) * 1000 : 0,
        );
        logger.warn(`${resource.kind}: ${messageOf(error)}`, { retryIn: wait });
        await clock.sleep(wait, signal);
      }
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { kube, resource, selector, handlers } = this.#options;
    const seen = new Set<string>();
    let next: string | undefined;
    let version: string;
    do {
      const page = await kube.list(
        resource,
        selector ?? {},
        { limit: resource.kind === 'Pod' ? PODS_PAGE : PAGE, continue: next },
        signal,
      );
      for (const item of page.items) {
        const key = nameKey(item.metadata);
        seen.add(key);
        this.#known.add(key);
        handlers.onUpsert(item, 'list');
      }
      version = page.resourceVersion;
      next = page.continue;
    } while (next);
    for (const key of this.#known) {
      if (seen.has(key)) continue;
      this.#known.delete(key);
      handlers.onDelete(key, 'list');
    }
    this.#setState({ synced: true });
    return version;
  }

  /** Watches until the server ends it, silence, or the time to list again. */
  async #watch(
    from: string,
    until: number,
    signal: AbortSignal,
    backoff: Backoff,
  ): Promise<string> {
    const { kube, resource, selector, clock, intervals, handlers } =
      this.#options;
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    let version = from;
    let ended: 'silence' | 'relist' | undefined;
    let silence: NodeJS.Timeout | undefined;
    const rearm = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        ended = 'silence';
        stop.abort();
      }, intervals.watchSilence);
    };
    const relist = setTimeout(() => {
      ended = 'relist';
      stop.abort();
    }, Math.max(1, until - clock.now()));
    rearm();
    try {
      const events = kube.watch(resource, selector ?? {}, from, stop.signal);
      for await (const event of events) {
        rearm();
        if (!this.#state.synced) this.#setState({ synced: true });
        if (event.type === 'OPENED') continue;
        backoff.reset();
        if (event.type === 'BOOKMARK') {
          version = event.resourceVersion;
          continue;
        }
        version = event.object.metadata.resourceVersion ?? version;
        const key = nameKey(event.object.metadata);
        if (event.type === 'DELETED') {
          this.#known.delete(key);
          handlers.onDelete(key, 'watch');
        } else {
          this.#known.add(key);
          handlers.onUpsert(event.object, 'watch');
        }
      }
      return version;
    } catch (error) {
      if (ended && !signal.aborted) return version;
      // Where the watch got to is not lost with it, unless it expired.
      if (error instanceof KubeError) throw error;
      if (!signal.aborted) {
        this.#setState({
          synced: false,
          missing: false,
          reason: `${resource.kind}: watch broke: ${messageOf(error)}`,
        });
        await clock.sleep(backoff.next(), signal);
      }
      return version;
    } finally {
      clearTimeout(silence);
      clearTimeout(relist);
      signal.removeEventListener('abort', onAbort);
      stop.abort();
    }
  }

  #setState(state: ReflectorState): void {
    const before = this.#state;
    this.#state = state;
    if (
      before.synced !== state.synced ||
      (!before.synced && !state.synced && before.reason !== state.reason)
    ) {
      this.#options.handlers.onState?.(state);
    }
  }
}
