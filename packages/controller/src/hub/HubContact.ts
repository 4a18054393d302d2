import { Clock } from '../timing/Clock';
import { messageOf } from '../logging';

/** Whether the hub answers, and since when. */
export class HubContact {
  #reachable: boolean | undefined;
  #since: number;
  #lastAnswer: number | undefined;
  #error: string | undefined;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly onChange: () => void = () => {},
  ) {
    this.#since = clock.now();
  }

  answered(): void {
    this.#lastAnswer = this.clock.now();
    this.#error = undefined;
    this.#set(true);
  }

  failed(error: unknown): void {
    this.#error = messageOf(error);
    this.#set(false);
  }

  /** Something else about the contact changed. */
  changed(): void {
    this.onChange();
  }

  /** Undefined: not tried yet. */
  get reachable(): boolean | undefined {
    return this.#reachable;
  }

  /** Since when `reachable` is so, milliseconds since the epoch. */
  get since(): number {
    return this.#since;
  }

  get lastAnswer(): number | undefined {
    return this.#lastAnswer;
  }

  get error(): string | undefined {
    return this.#error;
  }

  #set(reachable: boolean): void {
    if (this.#reachable === reachable) return;
    this.#reachable = reachable;
    this.#since = this.clock.now();
    this.onChange();
  }
}
