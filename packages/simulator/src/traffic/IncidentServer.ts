import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { INCIDENT_KINDS, INCIDENTS, type Incidents } from './incidents';

const HOST = '127.0.0.1';

/**
 * Where people switch incidents: `GET /incidents` lists them, `PUT` and
 * `DELETE /incidents/<kind>` switch one on and off.
 */
export class IncidentServer {
  private constructor(private readonly server: Server, readonly url: string) {}

  static async start(
    incidents: Incidents,
    port: number,
  ): Promise<IncidentServer> {
    const server = createServer((request, response) => {
      const say = (status: number, body: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(`${JSON.stringify(body, null, 2)}\n`);
      };
      const [, root, name] = (request.url ?? '').split('/');
      const kind = INCIDENT_KINDS.find(k => k === name);
      const isSwitch = request.method === 'PUT' || request.method === 'DELETE';
      if (root !== 'incidents' || (name && !kind)) {
        say(404, {
          error: `There is no incident "${
            name ?? ''
          }". Incidents: ${INCIDENT_KINDS.join(', ')}`,
        });
        return;
      }
      if (isSwitch && kind) incidents.set(kind, request.method === 'PUT');
      else if (request.method !== 'GET') {
        say(405, { error: 'GET /incidents; PUT or DELETE /incidents/<kind>' });
        return;
      }
      say(
        200,
        INCIDENT_KINDS.map(k => ({
          incident: k,
          on: incidents.isOn(k),
          what: INCIDENTS[k],
        })),
      );
    });
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(port, HOST, done);
    });
    const { port: taken } = server.address() as AddressInfo;
    return new IncidentServer(server, `http://${HOST}:${taken}`);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  async stop(): Promise<void> {
    await new Promise<void>(done => {
      this.server.close(() => done());
      this.server.closeAllConnections();
    });
  }
}
