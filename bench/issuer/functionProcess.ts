/** One way to make a certificate, in a process of its own. */
import {
  generateKeyPairSync,
  sign,
  verify,
  webcrypto,
  X509Certificate as NodeCertificate,
} from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { issueLeaf } from '../../packages/controller/src/issuer/core/issueLeaf';
import { parseCertificateRequest } from '../../packages/controller/src/issuer/core/parseCertificateRequest';
import { toPem } from '../../packages/controller/src/issuer/der/pem';
import { cpuSeconds, serve } from '../processes/childProcess';
import { HOUR, IDENTITY, PODS, certificateRequests, issuer } from './fixture';

export type Way = 'arithmetic' | 'function' | 'library';

const ALT_NAME = '2.5.29.17';
const WARM_UP = 3;

/** Runs `once` for some seconds, and counts its seconds of CPU time. */
async function perCoreSecond(
  once: (i: number) => void | Promise<void>,
  seconds: number,
): Promise<number> {
  const until = performance.now() + seconds * 1000;
  const before = cpuSeconds();
  let n = 0;
  while (performance.now() < until) {
    for (let k = 0; k < 20; k += 1) {
      const waiting = once(n);
      if (waiting) await waiting;
      n += 1;
    }
  }
  return n / (cpuSeconds() - before);
}

/** One signature and one verification: no certificate can cost less. */
function arithmetic(): (i: number) => void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  const text = Buffer.alloc(400, 7);
  const signature = sign('sha256', text, privateKey);
  return () => {
    sign('sha256', text, privateKey);
    if (!verify('sha256', text, publicKey, signature)) throw new Error('false');
  };
}

function inTheFunction(requests: string[]): (i: number) => void {
  return i => {
    const now = Date.now();
    const { der } = issueLeaf(
      issuer.template,
      issuer.certificate,
      parseCertificateRequest(requests[i % PODS]),
      { spiffeId: IDENTITY, now, notAfter: now + HOUR },
    );
    toPem('CERTIFICATE', der);
  };
}

/** What one writes with a good library: parse, verify, compare the name, make, print. */
async function withLibrary(
  requests: string[],
): Promise<(i: number) => Promise<void>> {
  const crypto = webcrypto as unknown as Crypto;
  x509.cryptoProvider.set(crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const signingKey = await crypto.subtle.importKey(
    'pkcs8',
    issuer.privateKey.export({ type: 'pkcs8', format: 'der' }),
    algorithm,
    false,
    ['sign'],
  );
  const parent = new x509.X509Certificate(issuer.certificate.raw);
  const authorityKey = await x509.AuthorityKeyIdentifierExtension.create(
    parent.publicKey,
  );
  return async i => {
    const request = new x509.Pkcs10CertificateRequest(requests[i % PODS]);
    if (!(await request.verify())) throw new Error('not signed by its own key');
    const [name] =
      (
        request.extensions.find(e => e.type === ALT_NAME) as
          | x509.SubjectAlternativeNameExtension
          | undefined
      )?.names.toJSON() ?? [];
    if (name?.value !== IDENTITY) throw new Error('asks for another name');
    const now = Date.now();
    const leaf = await x509.X509CertificateGenerator.create({
      issuer: parent.subject,
      subject: '',
      notBefore: new Date(now - 120_000),
      notAfter: new Date(now + HOUR),
      publicKey: request.publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.KeyUsagesExtension(
          // eslint-disable-next-line no-bitwise
          x509.KeyUsageFlags.digitalSignature |
            x509.KeyUsageFlags.keyEncipherment,
          true,
        ),
        new x509.ExtendedKeyUsageExtension([
          x509.ExtendedKeyUsage.serverAuth,
          x509.ExtendedKeyUsage.clientAuth,
        ]),
        new x509.BasicConstraintsExtension(false, undefined, true),
        authorityKey,
        new x509.SubjectAlternativeNameExtension(
          [{ type: 'url', value: IDENTITY }],
          true,
        ),
      ],
    });
    if (!new NodeCertificate(leaf.toString('pem')).subjectAltName) {
      throw new Error('nothing was read back');
    }
  };
}

/** The candidate of this process, made once. */
let once: ((i: number) => void | Promise<void>) | undefined;

/** Certificates per second of CPU time. */
async function measure({
  way,
  seconds,
}: {
  way: Way;
  seconds: number;
}): Promise<number> {
  if (!once) {
    const requests = certificateRequests();
    once = await {
      arithmetic: () => arithmetic(),
      function: () => inTheFunction(requests),
      library: () => withLibrary(requests),
    }[way]();
    await perCoreSecond(once, WARM_UP);
  }
  return perCoreSecond(once, seconds);
}

serve({ measure });
