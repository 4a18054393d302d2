import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, promises as fs } from 'node:fs';
import { systemPath } from './runCommand';

/** How to run one long-lived process of a testbed. */
export interface DaemonOptions {
  /** For messages: "istiod of east". */
  name: string;
  command: string;
  args: string[];
  /** The whole environment, except PATH, which it gets when it names none. */
  env?: Record<string, string>;
  cwd?: string;
  /** Network namespace to run in. */
  namespace: string;
  /** Numeric user and group to run as; root by default. */
  uid?: number;
  /** File that gets both output streams, appended. */
  logFile: string;
}

/** A long-lived process in a network namespace that can be killed and started again. */
export class Daemon {
  #child?: ChildProcess;
  /** Why the last start or signal failed. */
  #failure?: Error;

  constructor(private readonly options: DaemonOptions) {}

  get name(): string {
    return this.options.name;
  }

  get logFile(): string {
    return this.options.logFile;
  }

  /** Its process id, undefined while it does not run. */
  get pid(): number | undefined {
    return this.running ? this.#child?.pid : undefined;
  }

  get running(): boolean {
    return (
      this.#child?.pid !== undefined &&
      this.#child.exitCode === null &&
      this.#child.signalCode === null
    );
  }

  /** Starts it. @throws Error when it already runs */
  start(): this {
    if (this.running) throw new Error(`${this.name} already runs`);
    const { namespace, uid, command, args, env, cwd, logFile } = this.options;
    const user =
      uid === undefined
        ? []
        : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
    const log = openSync(logFile, 'a');
    try {
      // `ip` and `setpriv` replace themselves by the command: the pid is the command's own.
      // Its own session keeps Ctrl-C in the owner's terminal from it.
      this.#child = spawn(
        'ip',
        ['netns', 'exec', namespace, ...user, command, ...args],
        {
          cwd,
          env: { PATH: systemPath(), ...env },
          detached: true,
          stdio: ['ignore', log, log],
        },
      );
    } finally {
      closeSync(log);
    }
    this.#failure = undefined;
    this.#child.on('error', error => {
      this.#failure = error;
    });
    this.#child.unref();
    return this;
  }

  /** Sends a signal and waits for the end. SIGKILL by default, as when a node dies. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || !this.running) return;
    child.ref();
    const ended = new Promise<void>(done => child.once('exit', () => done()));
    child.kill(signal);
    await ended;
  }

  /** Waits for its end. @returns exit code, or the signal that ended it */
  async ended(): Promise<number | NodeJS.Signals> {
    const child = this.#child;
    if (!child) throw new Error(`${this.name} was never started`);
    if (this.running) {
      child.ref();
      await new Promise<void>(done => child.once('exit', () => done()));
    }
    return child.exitCode ?? child.signalCode!;
  }

  /** The end of its log, for error messages. */
  async logTail(bytes = 2_000): Promise<string> {
    return (await fs.readFile(this.logFile, 'utf8')).slice(-bytes);
  }

  /** @throws Error with the end of its log when it does not run */
  async assertRunning(): Promise<void> {
    if (!this.running) {
      throw new Error(
        `${this.name} ended (${
          this.#failure?.message ??
          this.#child?.exitCode ??
          this.#child?.signalCode
        }): ${await this.logTail()}`,
      );
    }
  }
}
