import { spawn } from 'node:child_process';

/** PATH on which Debian's administration tools are found, also for users whose own PATH lacks them. */
export function systemPath(): string {
  return `${
    process.env.PATH ?? ''
  }:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`;
}

/** Options of {@link runCommand}. */
export interface RunCommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Text for its standard input. */
  input?: string;
  /** Called with every line that it writes on either stream. */
  onLine?: (line: string) => void;
}

/**
 * Runs a command to its end.
 *
 * @returns its standard output
 * @throws Error with the command, its exit code and the end of what it said
 */
export function runCommand(
  command: string,
  args: string[],
  options: RunCommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, PATH: systemPath(), ...options.env },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let tail = '';
    const hear = (text: string) => {
      tail = (tail + text).slice(-4_000);
      for (const line of text.split('\n')) if (line) options.onLine?.(line);
    };
    child.stdout!.setEncoding('utf8').on('data', text => {
      stdout += text;
      hear(text);
    });
    child.stderr!.setEncoding('utf8').on('data', hear);
    child.on('error', error =>
      reject(new Error(`cannot run ${command}: ${error.message}`)),
    );
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else {
        reject(
          new Error(
            `${command} ${args.join(' ')} ended with ${
              signal ?? code
            }: ${tail.trim()}`,
          ),
        );
      }
    });
    if (options.input !== undefined) child.stdin!.end(options.input);
  });
}
