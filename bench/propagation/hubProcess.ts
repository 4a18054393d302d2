/**
 * The hub of the benchmark: a Backstage backend with the gns plugin alone.
 * Arguments: port, token of the person who edits, database connection as JSON.
 */
import { createBackend } from '@backstage/backend-defaults';
import {
  coreServices,
  createServiceFactory,
  type RootLoggerService,
} from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { cpuSeconds, serve } from '../processes/childProcess';

const [port, token, database] = process.argv.slice(2);

const config = new ConfigReader({
  backend: {
    baseUrl: `http://127.0.0.1:${port}`,
    listen: { host: '127.0.0.1', port: Number(port) },
    database: JSON.parse(database),
    auth: {
      externalAccess: [
        { type: 'static', options: { token, subject: 'benchmark' } },
      ],
    },
  },
});

/** Requests would fill the terminal; what goes wrong is said. */
const quietLogger: RootLoggerService = {
  error: (message: string, more?: unknown) =>
    process.stderr.write(`hub: ${message} ${more ?? ''}\n`),
  warn: () => {},
  info: () => {},
  debug: () => {},
  child() {
    return this;
  },
};

async function main() {
  const backend = createBackend();
  backend.add(
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => config,
    }),
  );
  backend.add(
    createServiceFactory({
      service: coreServices.rootLogger,
      deps: {},
      factory: () => quietLogger,
    }),
  );
  backend.add(import('../../plugins/gns-backend/src'));
  await backend.start();
  serve({ cpu: cpuSeconds });
}

main().catch(error => {
  process.stderr.write(`hub: ${error.stack}\n`);
  process.exit(1);
});
