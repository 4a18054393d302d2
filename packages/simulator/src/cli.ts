import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ShopWorld } from './model/ShopWorld';
import { createShopWorld } from './model/ShopWorld';
import { IncidentServer } from './traffic/IncidentServer';

const USAGE = `usage: simulator --state <folder> [--tick <milliseconds>]

Starts the demo's three clusters. Prints one JSON line per cluster when it is
ready, then waits. SIGTERM and SIGINT stop it; the state folder keeps the
objects, ports and tokens for the next start, and says in incidents-url.json
where incidents are switched: PUT or DELETE <url>/incidents/<kind>.
`;

async function main() {
  const { values } = parseArgs({
    options: {
      state: { type: 'string' },
      tick: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help || !values.state) {
    process.stderr.write(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const tickMs = values.tick === undefined ? undefined : Number(values.tick);
  if (tickMs !== undefined && !(tickMs >= 0)) {
    throw new Error(`--tick ${values.tick}: give milliseconds, 0 for never`);
  }
  const starting = createShopWorld({
    stateFolder: resolve(values.state),
    tickMs,
  });
  // Before the first line is out: who reads it may stop us at once.
  stopOnSignal(starting);
  const world = await starting;
  const server = await IncidentServer.start(world.incidents, 0);
  await writeFile(
    join(resolve(values.state), 'incidents-url.json'),
    `${JSON.stringify({ url: server.url })}\n`,
  );
  for (const cluster of world.clusters) {
    const kubeconfigs = await cluster.writeKubeconfigs();
    const line = {
      cluster: cluster.name,
      url: cluster.api.url,
      prometheus: cluster.prometheusUrl,
      clusterUid: cluster.clusterUid,
      network: cluster.definition.network,
      gateway: { address: '127.0.0.1', port: cluster.gatewayPort },
      issuer: `127.0.0.1:${cluster.issuerPort}`,
      istiod: `127.0.0.1:${cluster.istiodPort}`,
      kubeconfigs,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}

function stopOnSignal(starting: Promise<ShopWorld>) {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    starting
      .then(world => world.stop())
      .then(
        () => process.exit(0),
        (error: Error) => {
          process.stderr.write(`not stopped clean: ${error.message}\n`);
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
