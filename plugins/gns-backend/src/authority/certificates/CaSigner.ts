import { sign, type KeyObject } from 'node:crypto';
import type { RemoteSigner } from '@isthmus/plugin-gns-node';

/** How a CA key signs; the digest follows from the key. */
export type SignatureAlgorithm = 'ES256' | 'ES384' | 'RS256';

/** A CA's key for as long as one signature or two take. */
export interface CaSigner {
  readonly publicKey: KeyObject;
  readonly algorithm: SignatureAlgorithm;
  /** @returns the signature as certificates carry it: DER for ECDSA */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** @throws Error for a key that no CA of ours may have */
export function signatureAlgorithmOf(publicKey: KeyObject): SignatureAlgorithm {
  const details = publicKey.asymmetricKeyDetails;
  switch (publicKey.asymmetricKeyType) {
    case 'ec':
      if (details?.namedCurve === 'prime256v1') return 'ES256';
      if (details?.namedCurve === 'secp384r1') return 'ES384';
      break;
    case 'rsa':
      if ((details?.modulusLength ?? 0) >= 2048) return 'RS256';
      break;
    default:
      break;
  }
  throw new Error(
    'The key is of a kind that is not used here. Use EC P-256, EC P-384 or RSA with at least 2048 bits.',
  );
}

const DIGESTS = { ES256: 'sha256', ES384: 'sha384', RS256: 'sha256' } as const;

/** A signer with the key in this process. */
export function localSigner(
  privateKey: KeyObject,
  publicKey: KeyObject,
): CaSigner {
  const algorithm = signatureAlgorithmOf(publicKey);
  return {
    publicKey,
    algorithm,
    sign: async bytes =>
      sign(DIGESTS[algorithm], bytes, { key: privateKey, dsaEncoding: 'der' }),
  };
}

/** A signer whose key stays where it is. */
export function remoteSigner(
  signer: RemoteSigner,
  reference: string,
  publicKey: KeyObject,
): CaSigner {
  return {
    publicKey,
    algorithm: 'ES256',
    sign: bytes => signer.sign(reference, bytes),
  };
}
