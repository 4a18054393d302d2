import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { randomBytes, webcrypto } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivate } from './ClusterState';

const ALGORITHM = {
  name: 'ECDSA',
  namedCurve: 'P-256',
  hash: 'SHA-256',
} as const;
const DAY_MS = 86_400_000;
const { keyCertSign, cRLSign, digitalSignature, keyEncipherment } =
  x509.KeyUsageFlags;
const [SERVER_AUTH, CLIENT_AUTH] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];
const crypto = webcrypto as unknown as Crypto;

/** A certificate with its private key (PKCS #8), both PEM. */
export interface CertifiedKey {
  certificate: string;
  key: string;
}

function serialNumber(): string {
  const bytes = randomBytes(16);
  // Positive, without leading zeros.
  bytes[0] = (bytes[0] % 0x7f) + 1;
  return bytes.toString('hex');
}

function generateKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function toPem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(
    await crypto.subtle.exportKey('pkcs8', key),
    'PRIVATE KEY',
  );
}

/** The root that all simulated clusters' meshes share, and what their istiods sign with it. */
export class MeshAuthority {
  /** @param folder - keeps it over restarts; without, it is new */
  static async open(folder: string | undefined): Promise<MeshAuthority> {
    if (!folder) return MeshAuthority.#make();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const paths = ['root-cert.pem', 'root-key.pem'].map(f => join(folder, f));
    try {
      const [certificate, key] = await Promise.all(
        paths.map(path => readFile(path, 'utf8')),
      );
      const [bytes] = x509.PemConverter.decode(key);
      return new MeshAuthority(
        new x509.X509Certificate(certificate),
        await crypto.subtle.importKey('pkcs8', bytes, ALGORITHM, true, [
          'sign',
        ]),
      );
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const made = await MeshAuthority.#make();
    await writePrivate(paths[1], await toPem(made.key));
    await writePrivate(paths[0], made.certificate);
    return made;
  }

  static async #make(): Promise<MeshAuthority> {
    const keys = await generateKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned(
      {
        serialNumber: serialNumber(),
        name: 'O=shop-mesh, CN=Root CA',
        notBefore: new Date(Date.now() - 60_000),
        notAfter: new Date(Date.now() + 3650 * DAY_MS),
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
    return new MeshAuthority(certificate, keys.privateKey);
  }

  private constructor(
    private readonly root: x509.X509Certificate,
    private readonly key: CryptoKey,
  ) {}

  /** PEM. */
  get certificate(): string {
    return `${this.root.toString('pem')}\n`;
  }

  /** What a server of this name serves with. */
  async serving(dnsName: string): Promise<CertifiedKey> {
    const keys = await generateKeys();
    const certificate = await this.#sign(
      keys.publicKey,
      [{ type: 'dns', value: dnsName }],
      3650 * DAY_MS,
    );
    return { certificate, key: await toPem(keys.privateKey) };
  }

  /**
   * A workload's certificate for the identity that the caller was found to have.
   *
   * @param csr - PEM; gives the key only
   * @throws Error when it is none, or not signed by its key
   */
  async leaf(csr: string, spiffeId: string, lifeMs: number): Promise<string> {
    const request = new x509.Pkcs10CertificateRequest(csr);
    if (!(await request.verify(crypto))) {
      throw new Error('the request is not signed by its own key');
    }
    const key = await request.publicKey.export(crypto);
    return this.#sign(key, [{ type: 'url', value: spiffeId }], lifeMs);
  }

  async #sign(
    publicKey: CryptoKey,
    names: x509.JsonGeneralName[],
    lifeMs: number,
  ): Promise<string> {
    const certificate = await x509.X509CertificateGenerator.create(
      {
        serialNumber: serialNumber(),
        issuer: this.root.subject,
        notBefore: new Date(Date.now() - 60_000),
        notAfter: new Date(Date.now() + lifeMs),
        publicKey,
        signingKey: this.key,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(digitalSignature | keyEncipherment, true),
          new x509.ExtendedKeyUsageExtension([SERVER_AUTH, CLIENT_AUTH]),
          new x509.SubjectAlternativeNameExtension(names, true),
        ],
      },
      crypto,
    );
    return `${certificate.toString('pem')}\n`;
  }
}
