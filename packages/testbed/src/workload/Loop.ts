import type { LoopCounts } from './protocol';

/** Calls that an app sends at a steady rate until stopped. */
export class Loop {
  constructor(private readonly order: <T>(method: string) => Promise<T>) {}

  /** What came of the calls so far. */
  counts(): Promise<LoopCounts> {
    return this.order('GET');
  }

  /** Sends no more calls and waits for the open ones. @returns the final counts */
  stop(): Promise<LoopCounts> {
    return this.order('DELETE');
  }
}
