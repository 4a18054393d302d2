import type { ServerResponse } from 'node:http';
import type { Faults } from './faults';
import type { KubernetesObject } from './objects';
import type { ResourceType } from './resources';
import { apiVersionOf } from './resources';
import type { ObjectFilter } from './selectors';
import { expired } from './statusErrors';
import type { ObjectStore, StoreEvent } from './store';

/** What a watch request asks for. */
export interface WatchRequest {
  type: ResourceType;
  namespace?: string;
  filter: ObjectFilter;
  /** As sent; '' and '0' mean: from whatever is there. */
  resourceVersion: string;
  bookmarks: boolean;
  sendInitialEvents: boolean;
  timeoutSeconds: number;
}

/** The real server sends its last bookmark so long before the timeout. */
const LAST_BOOKMARK_SECONDS = 2;

class OpenWatch {
  readonly #startVersion: number;
  readonly #onTheWay: Array<{ due: number; line: string }> = [];
  #timers = new Set<NodeJS.Timeout>();
  readonly #unsubscribe: () => void;
  #ended = false;
  #lost = false;

  constructor(
    private readonly request: WatchRequest,
    private readonly response: ServerResponse,
    private readonly store: ObjectStore,
    private readonly faults: Faults,
    onEnd: () => void,
  ) {
    this.#startVersion = Number(request.resourceVersion) || 0;
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-cache, private',
    });
    response.flushHeaders();
    response.once('close', () => {
      this.#release();
      onEnd();
    });
    this.#start();
    this.#unsubscribe = store.subscribe(request.type, event =>
      this.#deliver(event),
    );
    this.#after(request.timeoutSeconds, () => this.end());
    const last = request.timeoutSeconds - LAST_BOOKMARK_SECONDS;
    if (last > 0) this.#after(last, () => this.bookmark());
  }

  #after(seconds: number, action: () => void) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, seconds * 1000);
    timer.unref();
    this.#timers.add(timer);
  }

  #release() {
    this.#ended = true;
    this.#unsubscribe?.();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #start() {
    const { request, store } = this;
    const fromNow =
      request.resourceVersion === '' || request.resourceVersion === '0';
    if (fromNow || request.sendInitialEvents) {
      for (const object of store.list(request.type, request.namespace)) {
        if (request.filter(object)) this.#send('ADDED', object);
      }
      if (request.sendInitialEvents) {
        this.bookmark({ 'k8s.io/initial-events-end': 'true' });
      }
      return;
    }
    const events = store.since(request.type, Number(request.resourceVersion));
    if (!events) {
      const oldest = store.compactedVersion(request.type);
      const { body } = expired(
        `too old resource version: ${request.resourceVersion} (${oldest})`,
      );
      this.#write(`${JSON.stringify({ type: 'ERROR', object: body })}\n`);
      setImmediate(() => this.end());
      return;
    }
    for (const event of events) this.#deliver(event);
  }

  /** A change of an object is an addition or a removal for its selector. */
  #deliver(event: StoreEvent) {
    const { request } = this;
    const { object, previous } = event;
    if (
      request.namespace !== undefined &&
      object.metadata.namespace !== request.namespace
    ) {
      return;
    }
    const before = previous !== undefined && request.filter(previous);
    const after = event.type !== 'DELETED' && request.filter(object);
    if (after) this.#send(before ? 'MODIFIED' : 'ADDED', object);
    else if (before) this.#send('DELETED', object);
  }

  #send(type: string, object: KubernetesObject) {
    // As a connection that a network lost: what was missed never comes.
    this.#lost ||= this.faults.silentWatches;
    if (this.#lost) return;
    const line = `${JSON.stringify({ type, object })}\n`;
    const due = Date.now() + this.faults.eventLatencyMs;
    if (this.faults.eventLatencyMs === 0 && this.#onTheWay.length === 0) {
      this.#write(line);
      return;
    }
    this.#onTheWay.push({ due, line });
    if (this.#onTheWay.length === 1) this.#awaitNext();
  }

  /** Lines leave in the order in which they came: none overtakes another. */
  #awaitNext() {
    const [next] = this.#onTheWay;
    if (!next) return;
    this.#after(Math.max(0, next.due - Date.now()) / 1000, () => {
      const now = Date.now();
      do {
        this.#write(this.#onTheWay.shift()!.line);
      } while (this.#onTheWay.length > 0 && this.#onTheWay[0].due <= now);
      this.#awaitNext();
    });
  }

  #write(line: string) {
    if (!this.#ended && !this.response.writableEnded) this.response.write(line);
  }

  bookmark(annotations?: Record<string, string>) {
    if (!this.request.bookmarks && !annotations) return;
    const { type } = this.request;
    const { resourceVersion } = this.store;
    // As the real server: nothing is news that the client already had.
    if (resourceVersion <= this.#startVersion && !annotations) return;
    this.#send('BOOKMARK', {
      kind: type.kind,
      apiVersion: apiVersionOf(type),
      metadata: {
        resourceVersion: String(resourceVersion),
        creationTimestamp: null,
        ...(annotations ? { annotations } : {}),
      },
    } as unknown as KubernetesObject);
  }

  end() {
    if (!this.response.writableEnded) this.response.end();
  }
}

/** All open watches of a server. */
export class Watches {
  readonly #open = new Set<OpenWatch>();
  readonly #bookmarkTimer: NodeJS.Timeout;

  constructor(
    private readonly store: ObjectStore,
    private readonly faults: Faults,
    bookmarkIntervalMs: number,
  ) {
    this.#bookmarkTimer = setInterval(
      () => this.bookmarkAll(),
      bookmarkIntervalMs,
    );
    this.#bookmarkTimer.unref();
  }

  /** How many watches are open. */
  get size(): number {
    return this.#open.size;
  }

  serve(request: WatchRequest, response: ServerResponse) {
    const watch = new OpenWatch(
      request,
      response,
      this.store,
      this.faults,
      () => this.#open.delete(watch),
    );
    this.#open.add(watch);
  }

  /** Sends a bookmark on every watch that asked for them. */
  bookmarkAll() {
    for (const watch of this.#open) watch.bookmark();
  }

  /** Ends every watch cleanly; clients may come back. */
  closeAll() {
    for (const watch of [...this.#open]) watch.end();
  }

  stop() {
    clearInterval(this.#bookmarkTimer);
    this.closeAll();
  }
}
