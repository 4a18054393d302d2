import { fork, type ChildProcess } from 'node:child_process';
import { isAbsolute, join } from 'node:path';

/** CPU seconds of a process so far. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Milliseconds on the clock that all processes of a machine share. */
export function machineClock(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** A process of the benchmark that answers one call at a time. */
export class BenchProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** @param file - TypeScript relative to `bench/`, or an absolute path of JavaScript */
  static async start(
    file: string,
    options: { argv?: string[]; execArgv?: string[] } = {},
  ): Promise<BenchProcess> {
    const compiled = isAbsolute(file);
    const path = compiled ? file : join(__dirname, '..', file);
    const child = fork(path, options.argv ?? [], {
      execArgv: [
        ...(compiled ? [] : ['--import', 'tsx']),
        ...(options.execArgv ?? []),
      ],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    const started = new BenchProcess(child);
    await started.#next('ready');
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Calls a function that the process offers by {@link serve}. */
  async call<T>(name: string, argument?: unknown): Promise<T> {
    const answer = this.#next(name);
    this.child.send({ name, argument });
    return (await answer) as T;
  }

  /** Asks it to end, and waits until it has. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = new Promise<void>(resolve => {
      this.child.once('exit', () => resolve());
    });
    this.child.disconnect();
    const patience = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(patience);
  }

  #next(name: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let settle = () => {};
      const listeners = {
        message: (message: unknown) => {
          const { of, value, error } = message as {
            of: string;
            value?: unknown;
            error?: string;
          };
          if (of !== name) return;
          settle();
          if (error === undefined) resolve(value);
          else reject(new Error(`${name}: ${error}`));
        },
        exit: (code: number | null) => {
          settle();
          reject(new Error(`A process of the benchmark ended with ${code}`));
        },
      };
      settle = () => {
        this.child.off('message', listeners.message);
        this.child.off('exit', listeners.exit);
      };
      this.child.on('message', listeners.message);
      this.child.on('exit', listeners.exit);
    });
  }
}

/** Offers functions to the process that started this one. Ends with it. */
export function serve(
  functions: Record<string, (argument: never) => unknown>,
): void {
  const send = (message: object) => process.send?.(message);
  process.on('message', async message => {
    const { name, argument } = message as { name: string; argument: never };
    try {
      send({ of: name, value: await functions[name](argument) });
    } catch (error) {
      send({ of: name, error: String(error) });
    }
  });
  process.on('disconnect', () => process.exit(0));
  send({ of: 'ready' });
}
