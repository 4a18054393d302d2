import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { STATE } from '../toolchain/paths.mjs';

const HELP = `npm run incident -- [options] [<incident> on|off]
  --state <dir>    where the demo keeps its state (.isthmus/demo)
  --help           this text

Without an incident: lists them. The demo (npm start) must be running.`;

/** Lets something go wrong in the running demo, or puts it right. */
export async function run(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      state: { type: 'string', default: join(STATE, 'demo') },
      help: { type: 'boolean', default: false },
    },
  });
  const [kind, wish, ...more] = positionals;
  const isUnclear =
    more.length > 0 || (kind !== undefined && wish !== 'on' && wish !== 'off');
  if (values.help || isUnclear) {
    console.log(HELP);
    return values.help ? 0 : 2;
  }
  const file = join(values.state, 'clusters', 'incidents-url.json');
  if (!existsSync(file)) {
    throw new Error(`The demo has not run here yet (${file} is missing).`);
  }
  const { url } = JSON.parse(readFileSync(file, 'utf8'));
  let response;
  try {
    response = await fetch(
      kind === undefined ? `${url}/incidents` : `${url}/incidents/${kind}`,
      { method: { on: 'PUT', off: 'DELETE' }[wish] ?? 'GET' },
    );
  } catch (error) {
    throw new Error(
      `The demo does not run (${url} does not answer). Start it: npm start`,
      { cause: error },
    );
  }
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  for (const { incident, on, what } of answer) {
    console.log(
      `${on ? '●' : '○'} ${incident.padEnd(20)} ${on ? 'ON ' : 'off'}  ${what}`,
    );
  }
  if (kind === undefined) {
    console.log('\nSwitch one: npm run incident -- slow-payment on');
  }
  return 0;
}
