import type { LoggerService } from '@backstage/backend-plugin-api';
import type { NoticeBoard } from './Notice';
import { noticesOf, type NoticeView } from './noticesOf';

const PERIOD_MS = 30_000;
const AREA = 'hub';

/** Looks every 30 s at what owners should know, and brings the board in line. */
export class NoticeKeeper {
  readonly #board: NoticeBoard;
  readonly #read: () => Promise<NoticeView>;
  readonly #logger: LoggerService;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(options: {
    board: NoticeBoard;
    read: () => Promise<NoticeView>;
    logger: LoggerService;
  }) {
    this.#board = options.board;
    this.#read = options.read;
    this.#logger = options.logger;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), PERIOD_MS);
    this.#timer.unref();
  }

  /** Never throws: what cannot be told now is told later. */
  look(): Promise<void> {
    this.#running ??= this.#align().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #align(): Promise<void> {
    try {
      await this.#board.align(AREA, noticesOf(await this.#read()));
    } catch (error) {
      this.#logger.warn(
        'Owners could not be notified; it is tried again',
        error instanceof Error ? error : { error: String(error) },
      );
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
