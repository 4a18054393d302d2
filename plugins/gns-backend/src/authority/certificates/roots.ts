import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { buildCaCertificate, type BuiltCertificate } from './buildCertificate';
import type { CaSigner } from './CaSigner';
import { keyIdOf } from './keyIds';
import { rootSubject, type DistinguishedName } from './names';

/** Clocks of clusters may be behind by this, milliseconds. */
export const BACKDATE_MS = 5 * 60_000;

/** Below a root: a cross certificate, and an issuer below that. */
const ROOT_PATH_LENGTH = 2;

/** A key in this process, until it is sealed. */
export function newLocalKey(): { privateKey: KeyObject; publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** @throws Error when the bytes are no P-256 key */
export function readRemoteKey(spki: Uint8Array): KeyObject {
  const key = createPublicKey({
    key: Buffer.from(spki),
    format: 'der',
    type: 'spki',
  });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('The key protector made a key that is not EC P-256');
  }
  return key;
}

/** A self-signed root. */
export async function buildRoot(options: {
  gns: string;
  signer: CaSigner;
  now: number;
  lifeMs: number;
}): Promise<BuiltCertificate & { keyId: string }> {
  const { publicKey } = options.signer;
  const keyId = keyIdOf(publicKey);
  const subject = rootSubject(options.gns, keyId);
  const built = await buildCaCertificate(
    {
      subject,
      publicKey,
      keyId,
      pathLength: ROOT_PATH_LENGTH,
      notBefore: new Date(options.now - BACKDATE_MS),
      notAfter: new Date(options.now + options.lifeMs),
    },
    options.signer,
  );
  return { ...built, keyId };
}

/** What signs below it: a root as it stands in the database. */
export interface SigningRoot {
  readonly pem: string;
  readonly notAfter: Date;
  readonly signer: CaSigner;
}

/** The new root's name and key, signed by an older root: who knows only that one verifies what stands below the new one. */
export function buildCross(
  fresh: {
    pem: string;
    keyId: string;
    publicKey: KeyObject;
    notBefore: Date;
    notAfter: Date;
  },
  older: SigningRoot,
): Promise<BuiltCertificate> {
  return buildCaCertificate(
    {
      subject: fresh.pem,
      publicKey: fresh.publicKey,
      keyId: fresh.keyId,
      notBefore: fresh.notBefore,
      issuer: older.pem,
      pathLength: 1,
      notAfter: new Date(
        Math.min(fresh.notAfter.getTime(), older.notAfter.getTime()),
      ),
    },
    older.signer,
  );
}

/** A cluster's issuer: it signs leaves only. */
export function buildIssuer(
  request: {
    subject: DistinguishedName;
    keyId: string;
    publicKey: KeyObject;
    now: number;
    lifeMs: number;
  },
  root: SigningRoot,
): Promise<BuiltCertificate> {
  return buildCaCertificate(
    {
      subject: request.subject,
      publicKey: request.publicKey,
      keyId: request.keyId,
      issuer: root.pem,
      pathLength: 0,
      notBefore: new Date(request.now - BACKDATE_MS),
      notAfter: new Date(
        Math.min(request.now + request.lifeMs, root.notAfter.getTime()),
      ),
    },
    root.signer,
  );
}
