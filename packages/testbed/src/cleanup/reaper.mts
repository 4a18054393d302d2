/*
 * Waits for the end of the testbed's owner and removes what it left. The owner holds the other end of standard
 * input; the kernel closes it however the owner dies, so no signal is missed and nothing is polled.
 */
import { promises as fs } from 'node:fs';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { REGISTRY, sweep, type TestbedRecord } from './sweep.ts';

async function main(id: string): Promise<void> {
  // What arrives means nothing: only the end of the stream does.
  await finished(process.stdin.resume());
  let record: TestbedRecord;
  try {
    record = JSON.parse(
      await fs.readFile(`${REGISTRY}/${id}/record.json`, 'utf8'),
    );
  } catch (error) {
    // No record: the owner removed everything itself.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await sweep(record);
  // A command that the owner started just before its death may have added a namespace after our look.
  await delay(1_000);
  await sweep(record);
}

main(process.argv[2]);
