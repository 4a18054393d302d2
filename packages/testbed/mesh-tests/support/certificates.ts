import 'reflect-metadata';
import * as grpc from '@grpc/grpc-js';
import * as x509 from '@peculiar/x509';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { CONTROLLER_NAMESPACE } from '@isthmus/plugin-gns-common';
import { APP_PORTS, type Cluster, type Pod } from '../../src';

const ALGORITHM = {
  name: 'ECDSA',
  namedCurve: 'P-256',
  hash: 'SHA-256',
} as const;
const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
const USAGES = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];
const HOUR = 3600_000;

const createKeys = () =>
  crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** A signing request with a fresh key for one identity, as pilot-agent makes it; PEM. */
export async function createCsr(spiffeId: string): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    keys: await createKeys(),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        [{ type: 'url', value: spiffeId }],
        true,
      ),
    ],
  });
  return `${request.toString('pem')}\n`;
}

/** What a certificate service answered. */
export interface CertificateAnswer {
  /** gRPC status; 0: a certificate. */
  code: number;
  details: string;
  /** PEM, the leaf first. */
  chain: string[];
}

/** Asks a controller's `IstioCertificateService`, forwarded to a port of this host. */
export async function askForCertificate(options: {
  port: number;
  /** PEM. */
  roots: string;
  token: string;
  csr: string;
}): Promise<CertificateAnswer> {
  const name = `isthmus-controller.${CONTROLLER_NAMESPACE}.svc`;
  const client = new grpc.Client(
    `127.0.0.1:${options.port}`,
    grpc.credentials.createSsl(Buffer.from(options.roots)),
    {
      'grpc.ssl_target_name_override': name,
      'grpc.default_authority': name,
      'grpc.use_local_subchannel_pool': 1,
    },
  );
  const headers = new grpc.Metadata();
  headers.set('authorization', `Bearer ${options.token}`);
  headers.set('clusterid', 'Kubernetes');
  try {
    return await new Promise(resolve => {
      client.makeUnaryRequest(
        '/istio.v1.auth.IstioCertificateService/CreateCertificate',
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        // IstioCertificateRequest: csr = 1.
        bytesField(1, Buffer.from(options.csr)),
        headers,
        { deadline: Date.now() + 30_000 },
        (error, answer) =>
          resolve(
            error || !answer
              ? {
                  code: error?.code ?? grpc.status.UNKNOWN,
                  details: error?.details ?? 'no answer',
                  chain: [],
                }
              : { code: 0, details: '', chain: textFields(answer) },
          ),
      );
    });
  } finally {
    client.close();
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + 128);
  }
  return Buffer.from([...bytes, rest]);
}

function bytesField(number: number, value: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([number * 8 + 2]),
    varint(value.length),
    value,
  ]);
}

/** All texts of a message that has only fields of bytes. */
function textFields(message: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < message.length; ) {
    at += 1;
    let length = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      length += (byte % 128) * factor;
      if (byte < 128) break;
    }
    texts.push(message.subarray(at, at + length).toString('utf8'));
    at += length;
  }
  return texts;
}

/** What signs leaves. */
export interface Signer {
  /** PEM. */
  certificate: string;
  /** PKCS #8 PEM. */
  key: string;
}

/** The issuer that a cluster holds for a global namespace, key and all: what a thief of its Secret has. */
export async function stealIssuer(
  cluster: Cluster,
  gns: string,
): Promise<Signer> {
  const secret = await cluster.kube.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: CONTROLLER_NAMESPACE,
    name: `isthmus-issuer-${gns}`,
  });
  const { content } = secret!.data as { content: string };
  const { issuer } = JSON.parse(
    gunzipSync(Buffer.from(content, 'base64')).toString(),
  ) as { issuer: Signer };
  return issuer;
}

/** A leaf for any identity, whatever the signer may sign. */
export async function forgeLeaf(
  signer: Signer,
  spiffeId: string,
): Promise<Signer> {
  const own = new x509.X509Certificate(signer.certificate);
  // Verifiers look for an issuer with this very key id.
  const subjectKey = own.getExtension(x509.SubjectKeyIdentifierExtension);
  const keys = await createKeys();
  const signingKey = await crypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(signer.key).export({ type: 'pkcs8', format: 'der' }),
    ALGORITHM,
    false,
    ['sign'],
  );
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: `4${randomBytes(15).toString('hex')}`,
    issuer: own.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - HOUR),
    notAfter: new Date(Date.now() + HOUR),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(digitalSignature | keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension(USAGES),
      new x509.SubjectAlternativeNameExtension(
        [{ type: 'url', value: spiffeId }],
        true,
      ),
      new x509.AuthorityKeyIdentifierExtension(subjectKey!.keyId),
    ],
  });
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: `${leaf.toString('pem')}\n${signer.certificate}`,
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  };
}

/*
 * Sends one request past every proxy. TLS 1.3 lets a client finish before the
 * server has looked at its certificate: only the answer tells.
 */
const REQUEST = `
const [host, port, identity] = process.argv.slice(1);
const { connect } = require(identity === 'plain' ? 'node:net' : 'node:tls');
const { certificate: cert, key } = identity === 'plain' ? {} : JSON.parse(identity);
const socket = connect({
  host, port: Number(port), cert, key, rejectUnauthorized: false,
  ALPNProtocols: ['istio-http/1.1'], servername: 'outbound_.80_._.any',
});
let text = '';
const done = result => { process.stdout.write(result); process.exit(0); };
setTimeout(() => done('timeout'), 5000);
socket.on('data', bytes => {
  text += bytes;
  const status = /^HTTP\\/1\\.1 (\\d+)/.exec(text);
  if (status) done(status[1]);
});
socket.on('error', error => done(error.code || error.message));
socket.on('close', () => done('closed'));
socket.write('GET / HTTP/1.1\\r\\nHost: any\\r\\nConnection: close\\r\\n\\r\\n');
`;

/*
 * Says something every second on one connection until that ends, and prints what came back: an HTTP status, or `line`.
 */
const STAY = `
const [host, port, identity, protocol] = process.argv.slice(1);
const { certificate: cert, key } = JSON.parse(identity);
const http = protocol === 'http';
const socket = require('node:tls').connect({
  host, port: Number(port), cert, key, rejectUnauthorized: false,
  ALPNProtocols: [http ? 'istio-http/1.1' : 'istio'],
  servername: 'outbound_.80_._.any',
});
const said = text => process.stdout.write(text + '\\n');
const end = result => { said(result); process.exit(0); };
const speak = () => socket.write(http ? 'GET / HTTP/1.1\\r\\nHost: any\\r\\n\\r\\n' : 'hello\\n');
socket.on('data', bytes => {
  const text = String(bytes);
  if (http) for (const [, status] of text.matchAll(/HTTP\\/1\\.1 (\\d+)/g)) said(status);
  else said('line');
});
socket.on('error', error => end(error.code || error.message));
socket.on('close', () => end('closed'));
speak();
setInterval(speak, 1000);
setTimeout(() => end('still open'), Number(process.argv[5]));
`;

/**
 * Keeps one connection from a pod without a proxy straight to a pod, and says something on it every second.
 *
 * @param identity - certificate and key to present
 * @returns what came back, in order: HTTP statuses or `line`; at last how the connection ended, or `still open`
 */
export async function stayAs(
  from: Pod,
  to: Pod,
  identity: Signer,
  protocol: 'http' | 'tcp',
  atMostMs: number,
): Promise<string[]> {
  const said = await from.exec(process.execPath, [
    '-e',
    STAY,
    to.address,
    `${APP_PORTS[protocol]}`,
    JSON.stringify(identity),
    protocol,
    `${atMostMs}`,
  ]);
  return said.trim().split('\n');
}

/**
 * Sends one HTTP request from a pod without a proxy straight to a pod.
 *
 * @param identity - certificate and key to present; `none`: TLS without one; `plain`: no TLS
 * @returns the HTTP status, or how the connection ended
 */
export function requestAs(
  from: Pod,
  to: Pod,
  identity: Signer | 'none' | 'plain',
): Promise<string> {
  return from.exec(process.execPath, [
    '-e',
    REQUEST,
    to.address,
    `${APP_PORTS.http}`,
    identity === 'plain'
      ? identity
      : JSON.stringify(identity === 'none' ? {} : identity),
  ]);
}
