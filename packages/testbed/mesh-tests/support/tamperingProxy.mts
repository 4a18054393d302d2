/*
 * Stands between controllers and hub and spoils the hub's answers to `GET desired`, as told by a file:
 * node tamperingProxy.mts <listen host> <port> <hub url> <mode file>. Modes: none, empty, cut, replay, strip.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { gunzipSync } from 'node:zlib';

const [host, port, hub, modeFile] = process.argv.slice(2);
const mode = () => readFileSync(modeFile, 'utf8').trim();
/** The first whole answer per controller, to be sent again later. */
const first = new Map<string, Buffer>();

http
  .createServer((request, response) => {
    const target = new URL(request.url ?? '/', hub);
    const forwarded = http.request(
      target,
      {
        method: request.method,
        headers: { ...request.headers, host: target.host },
      },
      answer => {
        const chunks: Buffer[] = [];
        answer.on('data', chunk => chunks.push(chunk));
        answer.on('end', () => {
          let body: Buffer = Buffer.concat(chunks);
          const headers = { ...answer.headers };
          let status = answer.statusCode ?? 502;
          if (target.pathname.endsWith('/desired') && status === 200) {
            if (headers['content-encoding'] === 'gzip') body = gunzipSync(body);
            delete headers['content-encoding'];
            delete headers['content-length'];
            delete headers['transfer-encoding'];
            const client = String(request.headers.authorization).split('.')[0];
            if (!first.has(client)) first.set(client, body);
            const state = JSON.parse(body.toString());
            const kind = mode();
            if (kind === 'empty')
              body = Buffer.from(
                JSON.stringify({
                  ...state,
                  base: null,
                  upserts: [],
                  tombstones: [],
                  forgotten: [],
                }),
              );
            if (kind === 'strip')
              body = Buffer.from(
                JSON.stringify({ ...state, upserts: state.upserts.slice(1) }),
              );
            if (kind === 'cut') body = body.subarray(0, body.length / 2);
            if (kind === 'replay') body = first.get(client) ?? body;
          }
          if (mode() === 'nothing') {
            status = 200;
            body = Buffer.from('{}');
            delete headers['content-encoding'];
            delete headers['content-length'];
          }
          response.writeHead(status, headers);
          response.end(body);
        });
        answer.on('error', () => response.destroy());
      },
    );
    forwarded.on('error', () => {
      response.writeHead(502);
      response.end();
    });
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  })
  .listen(Number(port), host);
