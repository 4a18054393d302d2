import type { KubernetesObject } from './objects';
import { ApiStatusError } from './statusErrors';

/** A request as a fault's condition sees it. */
export interface FaultRequest {
  method: string;
  /** Path without query. */
  path: string;
}

interface FailingRequests {
  left: number;
  code: number;
  reason?: string;
  message: string;
  match: (request: FaultRequest) => boolean;
}

interface Rejection {
  match: (object: KubernetesObject) => boolean;
  message: string;
}

/** What can be made to go wrong, from inside the process. */
export class Faults {
  #requestLatencyMs = 0;
  #eventLatencyMs = 0;
  #silentWatches = false;
  #failing: FailingRequests[] = [];
  #rejections: Rejection[] = [];

  /** Added to each request, as a round trip would add it. */
  get requestLatencyMs(): number {
    return this.#requestLatencyMs;
  }

  /** Added to each watch event: half a round trip. */
  get eventLatencyMs(): number {
    return this.#eventLatencyMs;
  }

  /** Open watches receive nothing, also no bookmarks. */
  get silentWatches(): boolean {
    return this.#silentWatches;
  }

  /** Puts the server a round trip of so many milliseconds away. */
  setRoundTrip(milliseconds: number) {
    this.#requestLatencyMs = milliseconds;
    this.#eventLatencyMs = milliseconds / 2;
  }

  /**
   * Keeps watches open and sends nothing on them, not even bookmarks. A watch
   * that missed something stays silent for good, also after `false`: clients
   * must notice and come back.
   */
  setSilentWatches(silent: boolean) {
    this.#silentWatches = silent;
  }

  /** Fails the next requests that match (default: all) with a status. */
  failNext(
    count: number,
    code: number,
    options: {
      reason?: string;
      message?: string;
      match?: (request: FaultRequest) => boolean;
    } = {},
  ) {
    this.#failing.push({
      left: count,
      code,
      reason: options.reason,
      message: options.message ?? 'simulated failure',
      match: options.match ?? (() => true),
    });
  }

  /**
   * Refuses writes of objects that match, in an admission webhook's words.
   *
   * @returns the way to end it
   */
  rejectObjects(
    match: (object: KubernetesObject) => boolean,
    message: string,
  ): () => void {
    const rejection = { match, message };
    this.#rejections.push(rejection);
    return () => {
      this.#rejections = this.#rejections.filter(other => other !== rejection);
    };
  }

  /** Ends all faults. */
  clear() {
    this.setRoundTrip(0);
    this.#silentWatches = false;
    this.#failing = [];
    this.#rejections = [];
  }

  /** Throws when this request is to fail. */
  admitRequest(request: FaultRequest) {
    const failing = this.#failing.find(
      fault => fault.left > 0 && fault.match(request),
    );
    if (!failing) return;
    failing.left -= 1;
    if (failing.left === 0) {
      this.#failing = this.#failing.filter(fault => fault !== failing);
    }
    throw new ApiStatusError(failing.code, failing.reason, failing.message);
  }

  /** Throws when this object is to be refused. */
  admitObject(object: KubernetesObject) {
    const rejection = this.#rejections.find(({ match }) => match(object));
    if (!rejection) return;
    throw new ApiStatusError(
      403,
      'Forbidden',
      `admission webhook "simulated.isthmus.dev" denied the request: ${rejection.message}`,
    );
  }
}
