import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { randomBytes } from 'node:crypto';

const ALGORITHM = {
  name: 'ECDSA',
  namedCurve: 'P-256',
  hash: 'SHA-256',
} as const;
const DAY_MS = 86_400_000;
const { keyCertSign, cRLSign, digitalSignature, keyEncipherment } =
  x509.KeyUsageFlags;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** A certificate with its private key (PKCS #8), both PEM. */
export interface CertifiedKey {
  certificate: string;
  key: string;
}

/** Names that a serving certificate is for. */
export interface ServingNames {
  dns: string[];
  ip: string[];
}

/** A P-256 certificate authority for tests: root or intermediate. */
export class CertificateAuthority {
  static async createRoot(commonName: string): Promise<CertificateAuthority> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned(
      {
        ...validity(3_650),
        serialNumber: serialNumber(),
        name: `O=isthmus testbed, CN=${commonName}`,
        keys,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.BasicConstraintsExtension(true, undefined, true),
          new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
          await x509.SubjectKeyIdentifierExtension.create(
            keys.publicKey,
            false,
            crypto,
          ),
        ],
      },
      crypto,
    );
    return new CertificateAuthority(certificate, keys.privateKey, undefined);
  }

  private constructor(
    private readonly own: x509.X509Certificate,
    private readonly privateKey: CryptoKey,
    private readonly issuer: CertificateAuthority | undefined,
  ) {}

  /** Its own certificate, PEM. */
  get certificate(): string {
    return pem(this.own);
  }

  /** The certificate of the root that it descends from, PEM. */
  get root(): string {
    return this.issuer ? this.issuer.root : this.certificate;
  }

  /** Its certificates from its own to the root's, PEM. */
  get chain(): string {
    return this.certificate + (this.issuer ? this.issuer.chain : '');
  }

  /** Its private key, PKCS #8 PEM. */
  async key(): Promise<string> {
    return keyPem(this.privateKey);
  }

  /** Signs an intermediate that signs end entities only. */
  async createIntermediate(commonName: string): Promise<CertificateAuthority> {
    const keys = await generateKeys();
    const certificate = await this.#sign(
      `O=isthmus testbed, CN=${commonName}`,
      keys.publicKey,
      [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(
          keys.publicKey,
          false,
          crypto,
        ),
      ],
    );
    return new CertificateAuthority(certificate, keys.privateKey, this);
  }

  /** Signs a TLS server's certificate. */
  async issueServing(
    commonName: string,
    names: ServingNames,
  ): Promise<CertifiedKey> {
    const keys = await generateKeys();
    const certificate = await this.#sign(`CN=${commonName}`, keys.publicKey, [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(digitalSignature | keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
      new x509.SubjectAlternativeNameExtension([
        ...names.dns.map(value => ({ type: 'dns' as const, value })),
        ...names.ip.map(value => ({ type: 'ip' as const, value })),
      ]),
    ]);
    return {
      certificate: pem(certificate),
      key: await keyPem(keys.privateKey),
    };
  }

  async #sign(
    subject: string,
    publicKey: CryptoKey,
    extensions: x509.Extension[],
  ): Promise<x509.X509Certificate> {
    return x509.X509CertificateGenerator.create(
      {
        ...validity(365),
        serialNumber: serialNumber(),
        subject,
        issuer: this.own.subject,
        publicKey,
        signingKey: this.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [
          ...extensions,
          await x509.AuthorityKeyIdentifierExtension.create(
            this.own.publicKey,
            false,
            crypto,
          ),
        ],
      },
      crypto,
    );
  }
}

/** A P-256 key pair for signing service-account tokens, PEM. */
export async function createTokenKeys(): Promise<{
  publicKey: string;
  privateKey: string;
}> {
  const keys = await generateKeys();
  const spki = await crypto.subtle.exportKey('spki', keys.publicKey);
  return {
    publicKey: `${x509.PemConverter.encode(spki, 'PUBLIC KEY')}\n`,
    privateKey: await keyPem(keys.privateKey),
  };
}

function generateKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function keyPem(key: CryptoKey): Promise<string> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`;
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

function serialNumber(): string {
  // The first bit stays clear: serial numbers are positive.
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/** From an hour ago, so that a clock that was set back does not matter. */
function validity(days: number) {
  const now = Date.now();
  return {
    notBefore: new Date(now - DAY_MS / 24),
    notAfter: new Date(now + days * DAY_MS),
  };
}
