import { Testbed } from '../src';

/** Owns a testbed until it is killed: for the test of what is left then. */
async function main() {
  const testbed = await Testbed.create({ clusters: [{ name: 'lone' }] });
  await testbed.cluster('lone').startPod({ namespace: 'a', name: 'app' });
  const { id, prefix, dir } = testbed;
  process.stdout.write(`${JSON.stringify({ id, prefix, dir })}\n`);
  setInterval(() => undefined, 1_000);
}

main();
