import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually, Testbed } from '../src';
import { namespacesWith, remains } from './support/remains';

describe('a testbed whose owner is killed', () => {
  /** Starts a process that owns a testbed with one cluster and one pod. */
  async function startOwner() {
    const owner = spawn(
      process.execPath,
      ['--import', 'tsx', join(__dirname, 'owner.ts')],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const line = await Promise.race([
      new Promise<string>(resolve =>
        createInterface(owner.stdout!).once('line', resolve),
      ),
      new Promise<never>((_, reject) =>
        owner.once('exit', code => reject(new Error(`owner ended: ${code}`))),
      ),
    ]);
    const testbed: { id: string; prefix: string; dir: string } =
      JSON.parse(line);
    expect(namespacesWith(testbed.prefix)).not.toEqual([]);
    return { owner, testbed };
  }

  it('leaves no process, no namespace and no file behind', async () => {
    const { owner, testbed } = await startOwner();
    owner.kill('SIGKILL');
    await eventually(() => remains(testbed).length === 0, {
      what: 'the reaper removed everything',
    });
  });

  it('is removed by the next start when its reaper was killed too', async () => {
    const { owner, testbed } = await startOwner();
    const reaper = readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .find(pid => {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
          return command.includes(`reaper.mts\0${testbed.id}\0`);
        } catch {
          // It ended while we looked.
          return false;
        }
      });
    process.kill(Number(reaper), 'SIGKILL');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(remains(testbed)).not.toEqual([]);
    const next = await Testbed.create({ clusters: [] });
    expect(remains(testbed)).toEqual([]);
    await next.close();
  });
});
