import { ObjectStatus } from '@isthmus/plugin-gns-common';

/** What became of each object, and what of it the hub does not know yet. */
export class ObjectStatuses {
  readonly #statuses = new Map<
    string,
    { status: ObjectStatus; change: number }
  >();
  #change = 0;
  #acknowledged = 0;

  /** True when it differs from what was known. */
  set(status: ObjectStatus): boolean {
    const before = this.#statuses.get(status.key)?.status;
    if (
      before &&
      before.state === status.state &&
      before.message === status.message &&
      before.gns === status.gns
    ) {
      return false;
    }
    this.#change += 1;
    this.#statuses.set(status.key, { status, change: this.#change });
    return true;
  }

  get(key: string): ObjectStatus | undefined {
    return this.#statuses.get(key)?.status;
  }

  forget(key: string): void {
    this.#statuses.delete(key);
  }

  all(): ObjectStatus[] {
    return [...this.#statuses.values()].map(s => s.status);
  }

  /** What the next report carries; call `acknowledge` when the hub has it. */
  toReport(): { objects: ObjectStatus[]; acknowledge(): void } {
    const upTo = this.#change;
    const objects = [...this.#statuses.values()]
      .filter(
        ({ status, change }) =>
          change > this.#acknowledged ||
          (status.state !== 'applied' && status.state !== 'deleted'),
      )
      .map(({ status }) => status);
    return {
      objects,
      acknowledge: () => {
        this.#acknowledged = Math.max(this.#acknowledged, upTo);
        for (const [key, { status, change }] of this.#statuses) {
          if (status.state === 'deleted' && change <= upTo) {
            this.#statuses.delete(key);
          }
        }
      },
    };
  }

  /** The hub may have lost what it knew: all of it goes again. */
  resend(): void {
    this.#acknowledged = 0;
  }

  /** Objects per state. */
  counts(): Record<ObjectStatus['state'], number> {
    const counts = {
      applied: 0,
      deleted: 0,
      failed: 0,
      conflict: 0,
      refused: 0,
      paused: 0,
    };
    for (const { status } of this.#statuses.values()) counts[status.state] += 1;
    return counts;
  }
}
