import { spawn, spawnSync } from 'node:child_process';
import { note } from './terminal.mjs';

/**
 * Runs a command to its end with our terminal. Answers its exit code; output
 * can be watched line by line with `onLine` (it is still shown).
 */
export function runToEnd(command, args, options = {}) {
  const { onLine, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...rest,
      stdio: onLine
        ? ['ignore', 'pipe', 'pipe']
        : ['ignore', 'inherit', 'inherit'],
    });
    const forward = signal => () => child.kill(signal);
    const onInt = forward('SIGINT');
    const onTerm = forward('SIGTERM');
    process.on('SIGINT', onInt);
    process.on('SIGTERM', onTerm);
    if (onLine) {
      for (const [stream, out] of [
        [child.stdout, process.stdout],
        [child.stderr, process.stderr],
      ]) {
        let rest_ = '';
        stream.setEncoding('utf8');
        stream.on('data', text => {
          out.write(text);
          const lines = (rest_ + text).split('\n');
          rest_ = lines.pop();
          lines.forEach(onLine);
        });
        stream.on('end', () => rest_ && onLine(rest_));
      }
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', onInt);
      process.off('SIGTERM', onTerm);
      resolve(code ?? (signal ? 130 : 1));
    });
  });
}

/** Runs a command quietly; throws with its output when it fails. */
export function runQuietly(command, args, options = {}) {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} failed (${result.status}):\n${
        result.stdout
      }${result.stderr}`,
    );
  }
  return result.stdout;
}

/**
 * Long-running children of one command: each in a process group of its own,
 * its lines shown behind its name, ended in reverse order.
 */
export class ProcessGroup {
  #children = [];
  #ended = false;

  /** Rejects as soon as a child ends that was not asked to. */
  failure = new Promise((_resolve, reject) => {
    this._fail = reject;
  });

  constructor() {
    this.failure.catch(() => {});
  }

  /** @param options.show - whether its lines are shown, or which of them */
  start(name, command, args, options = {}) {
    const { onLine, show = true, ...rest } = options;
    const isShown = typeof show === 'function' ? show : () => show;
    const child = spawn(command, args, {
      ...rest,
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const recent = [];
    for (const stream of [child.stdout, child.stderr]) {
      let open = '';
      stream.setEncoding('utf8');
      stream.on('data', text => {
        const lines = (open + text).split('\n');
        open = lines.pop();
        for (const line of lines) {
          recent.push(line);
          if (recent.length > 60) recent.shift();
          if (isShown(line)) console.log(`[${name}] ${line}`);
          onLine?.(line);
        }
      });
    }
    child.on('error', error => this._fail(error));
    const entry = { name, child, asked: false };
    child.on('exit', (code, signal) => {
      if (this.#ended || entry.asked) return;
      if (show !== true)
        recent.forEach(line => console.error(`[${name}] ${line}`));
      this._fail(new Error(`${name} ended by itself (${signal ?? code}).`));
    });
    this.#children.push(entry);
    return child;
  }

  /** Asks all to end, waits up to 10 s for each, then insists. */
  async stop() {
    if (this.#ended) return;
    this.#ended = true;
    for (const entry of this.#children.reverse()) await end(entry);
  }

  /** Asks one to end, as an admin would; the others go on. */
  async stopOne(name) {
    const entry = this.#children.findLast(one => one.name === name);
    if (!entry) throw new Error(`There is no process ${name}`);
    entry.asked = true;
    await end(entry);
  }
}

async function end({ name, child }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => {
    note(`${name} does not stop; ending it.`);
    signalGroup(child, 'SIGKILL');
  }, 10_000);
  await gone;
  clearTimeout(timer);
}

function signalGroup(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
