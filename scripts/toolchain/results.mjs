import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * Counts what test runners print: Jest's "Tests:" line, Playwright's
 * "N passed", and our own steps (tsc, lint, prettier) as one each.
 */
export class Results {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** Feed every line of a Jest run. */
  jestLine = line => {
    const plain = line.replace(/\u001b\[[0-9;]*m/g, '');
    const match = /^Tests:\s+(.*total)/.exec(plain);
    if (!match) return;
    const count = word =>
      Number(new RegExp(`(\\d+) ${word}`).exec(match[1])?.[1] ?? 0);
    this.passed += count('passed');
    this.failed += count('failed');
    this.skipped += count('skipped') + count('todo');
  };

  /** Feed every line of a Playwright run with the list reporter. */
  playwrightLine = line => {
    const plain = line.replace(/\u001b\[[0-9;]*m/g, '');
    const match = /^\s+(\d+) (passed|failed|skipped|flaky|did not run)/.exec(
      plain,
    );
    if (!match) return;
    const n = Number(match[1]);
    if (match[2] === 'passed') this.passed += n;
    else if (match[2] === 'failed') this.failed += n;
    else if (match[2] === 'flaky') this.failed += n;
    else this.skipped += n;
  };

  step(ok) {
    if (ok) this.passed += 1;
    else this.failed += 1;
  }

  /** Prints the closing line and leaves it for .ci/run. */
  close(name, code) {
    // A runner that died without a summary failed, whatever it counted.
    if (code !== 0 && this.failed === 0) this.failed = 1;
    const line = `${this.passed} passed, ${this.failed} failed${
      this.skipped ? `, ${this.skipped} skipped` : ''
    }`;
    console.log(`\n${name}: ${line}`);
    const folder = process.env.ISTHMUS_RESULTS;
    if (folder) {
      mkdirSync(join(ROOT, folder), { recursive: true });
      writeFileSync(
        join(ROOT, folder, `${name.replaceAll(':', '-')}.json`),
        JSON.stringify({
          name,
          passed: this.passed,
          failed: this.failed,
          skipped: this.skipped,
        }),
      );
    }
    return this.failed > 0 || code !== 0 ? 1 : 0;
  }
}
