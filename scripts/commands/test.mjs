import { ROOT } from '../toolchain/paths.mjs';
import { findPostgres, startPostgres } from '../toolchain/postgres.mjs';
import { runToEnd } from '../toolchain/processes.mjs';
import { Results } from '../toolchain/results.mjs';
import { note, step } from '../toolchain/terminal.mjs';

/**
 * Types, lint, formatting and every test that needs no privileges. Arguments
 * are passed on to Jest and skip the three checks: `npm test -- delivery`.
 */
export async function run(args, { env, node, yarn }) {
  const results = new Results();
  const call = (words, options = {}) =>
    runToEnd(node, yarn(...words), {
      cwd: ROOT,
      env: {
        ...env,
        CI: '1',
        NODE_OPTIONS: [env.NODE_OPTIONS, '--max-old-space-size=4096']
          .filter(Boolean)
          .join(' '),
      },
      ...options,
    });
  let code = 0;
  if (args.length === 0) {
    for (const [name, words] of [
      ['types', ['tsc']],
      ['lint', ['backstage-cli', 'repo', 'lint', '--max-warnings', '0']],
      ['formatting', ['prettier', '--check', '--loglevel', 'warn', '.']],
    ]) {
      step(`Checking ${name}`);
      const ended = await call(words);
      results.step(ended === 0);
      if (ended !== 0) {
        console.error(`\u2717 ${name} failed: yarn ${words.join(' ')}`);
        code = 1;
      }
    }
  }
  const testEnv = { ...env, CI: '1', BACKSTAGE_TEST_DISABLE_DOCKER: '1' };
  let postgres;
  if (!env.BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING) {
    const bin = process.platform === 'win32' ? undefined : findPostgres();
    if (bin) {
      step('Starting a throw-away PostgreSQL 15');
      postgres = await startPostgres(bin);
      testEnv.BACKSTAGE_TEST_DATABASE_POSTGRES15_CONNECTION_STRING =
        postgres.connection;
    } else if (env.ISTHMUS_REQUIRE_POSTGRES) {
      console.error(
        '\u2717 No PostgreSQL 15 server was found, and ISTHMUS_REQUIRE_POSTGRES is set. Install postgresql-15.',
      );
      results.step(false);
      code = 1;
    } else {
      note('No PostgreSQL 15 server was found: its suites are skipped.');
    }
  }
  try {
    step('Running the tests');
    const ended = await call(
      // The default of 5 s is a measure of the machine, not of the test.
      ['backstage-cli', 'repo', 'test', '--testTimeout=30000', ...args],
      { env: testEnv, onLine: results.jestLine },
    );
    code = code || ended;
  } finally {
    postgres?.stop();
  }
  return results.close('test', code);
}
