/*
 * The cluster's DNS, as CoreDNS would answer it: A records of Services by their cluster address, and nothing else.
 * It never asks anyone outside: every other name does not exist.
 */
import dgram from 'node:dgram';
import { readFileSync } from 'node:fs';
import https from 'node:https';

const [listen, server, caFile, tokenFile] = process.argv.slice(2);
const ca = readFileSync(caFile);
const token = readFileSync(tokenFile, 'utf8');
const agent = new https.Agent({ keepAlive: true, ca });
const TYPE_A = 1;
const TTL_SECONDS = 2;
const NO_SUCH_NAME = 3;
const SERVER_FAILURE = 2;

/** @returns the cluster address, undefined when there is no such Service */
function clusterAddress(
  namespace: string,
  name: string,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    https
      .get(
        `${server}/api/v1/namespaces/${namespace}/services/${name}`,
        { agent, headers: { authorization: `Bearer ${token}` } },
        response => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', text => {
            body += text;
          });
          response.on('end', () => {
            if (response.statusCode === 200) {
              resolve(JSON.parse(body).spec.clusterIP);
            } else if (response.statusCode === 404) resolve(undefined);
            else reject(new Error(`API server: ${response.statusCode}`));
          });
        },
      )
      .on('error', reject);
  });
}

/** The one question of a query (RFC 1035 §4.1.2). */
function question(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  while (query[at] !== 0) {
    labels.push(query.toString('ascii', at + 1, at + 1 + query[at]));
    at += query[at] + 1;
  }
  return {
    name: labels.join('.').toLowerCase(),
    type: query.readUInt16BE(at + 1),
    end: at + 5,
  };
}

/** A response to the query, with one A record or none (RFC 1035 §4.1). */
function response(
  query: Buffer,
  end: number,
  code: number,
  address?: string,
): Buffer {
  const head = Buffer.from(query.subarray(0, end));
  // Response, recursion desired as asked, recursion available.
  head[2] = 0x80 | (query[2] & 0x01);
  head[3] = 0x80 | code;
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(address ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  if (!address) return head;
  const record = Buffer.alloc(16);
  // The name: a pointer to the question's.
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(4, 10);
  address.split('.').forEach((part, i) => {
    record[12 + i] = Number(part);
  });
  return Buffer.concat([head, record]);
}

async function answer(query: Buffer): Promise<Buffer> {
  const { name, type, end } = question(query);
  const service = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc\.cluster\.local$/.exec(
    name,
  );
  if (!service) return response(query, end, NO_SUCH_NAME);
  try {
    const address = await clusterAddress(service[2], service[1]);
    if (!address || address === 'None') {
      return response(query, end, NO_SUCH_NAME);
    }
    return response(query, end, 0, type === TYPE_A ? address : undefined);
  } catch (error) {
    console.error(`${name}: ${error}`);
    return response(query, end, SERVER_FAILURE);
  }
}

const socket = dgram.createSocket('udp4');
socket.on('message', async (query, from) => {
  if (query.length < 17) return;
  socket.send(await answer(query), from.port, from.address);
});
socket.bind(53, listen);
