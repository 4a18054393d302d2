import { KeyObject, randomFillSync, sign } from 'node:crypto';
import { TAG } from '../der/DerCursor';
import { BackwardWriter } from '../der/BackwardWriter';
import {
  element,
  extension,
  header,
  objectIdentifier,
  octetString,
  sequence,
  time,
} from '../der/encode';
import { OID } from './oids';
import { keyIdentifier } from './keyIdentifier';
import { ECDSA_WITH_SHA256 } from './signCertificate';

/** Bytes of a serial number; 158 of its bits are random. */
const SERIAL_LENGTH = 20;

/** Who signs. */
export interface LeafSigner {
  /** P-256. */
  key: KeyObject;
  /** The issuer's subject, DER. */
  name: Buffer;
  /** The issuer's subject key identifier. */
  keyIdentifier: Buffer;
}

export interface LeafRequest {
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Buffer;
  spiffeId: string;
  /** Milliseconds; whole seconds count. */
  notBefore: number;
  notAfter: number;
}

export interface SignedLeaf {
  der: Buffer;
  /** Lower-case hex. */
  serial: string;
}

const VERSION_3 = element(
  TAG.CONTEXT_0,
  element(TAG.INTEGER, Buffer.from([2])),
);
const VERSION_AND_SERIAL = Buffer.concat([
  VERSION_3,
  header(TAG.INTEGER, SERIAL_LENGTH),
]);
const EMPTY_NAME = sequence();
const NO_UNUSED_BITS = Buffer.from([0]);
const URI_NAME = 0x86;
/** digitalSignature and keyEncipherment, as Istio's own leaves. */
const KEY_USAGE = extension(
  OID.keyUsage,
  true,
  element(TAG.BIT_STRING, Buffer.from([5, 0b1010_0000])),
);
const EXTENDED_KEY_USAGE = extension(
  OID.extendedKeyUsage,
  false,
  sequence(objectIdentifier(OID.serverAuth), objectIdentifier(OID.clientAuth)),
);
const NO_CA = extension(OID.basicConstraints, true, sequence());

const CRITICAL_ALT_NAME = Buffer.concat([
  objectIdentifier(OID.subjectAltName),
  element(TAG.BOOLEAN, Buffer.from([0xff])),
]);
/** All of the extension but its 20 bytes. */
const SUBJECT_KEY = extension(
  OID.subjectKeyIdentifier,
  false,
  octetString(Buffer.alloc(20)),
).subarray(0, -20);
/** Bytes of a certificate beyond name, key, identity and issuer's name: generous. */
const OVERHEAD = 700;

/** Positive numbers of 20 bytes, 158 bits of them random, drawn in blocks. */
class SerialNumbers {
  readonly #block = Buffer.alloc(200 * SERIAL_LENGTH);
  #at = this.#block.length;

  next(): Buffer {
    if (this.#at === this.#block.length) {
      randomFillSync(this.#block);
      this.#at = 0;
    }
    const serial = Buffer.from(
      this.#block.subarray(this.#at, this.#at + SERIAL_LENGTH),
    );
    this.#at += SERIAL_LENGTH;
    // Neither negative nor shorter than its length says.
    serial[0] = (serial[0] & 0x3f) | 0x40;
    return serial;
  }
}

/**
 * Certificates of one issuer: what all of them share is encoded once, the rest
 * is put between. The signature comes from OpenSSL.
 */
export class LeafTemplate {
  readonly #signer: LeafSigner;
  readonly #random = new SerialNumbers();
  /** All extensions but the subject's key identifier and name. */
  readonly #extensions: Buffer;
  /** Signature algorithm and issuer's name, between serial number and validity. */
  readonly #issuer: Buffer;
  #times: { notBefore: number; notAfter: number; der: Buffer } | undefined;

  constructor(signer: LeafSigner) {
    this.#signer = signer;
    this.#issuer = Buffer.concat([ECDSA_WITH_SHA256, signer.name]);
    this.#extensions = Buffer.concat([
      KEY_USAGE,
      EXTENDED_KEY_USAGE,
      NO_CA,
      extension(
        OID.authorityKeyIdentifier,
        false,
        sequence(element(0x80, signer.keyIdentifier)),
      ),
    ]);
  }

  /** Signs a certificate for this key and this one identity. */
  sign(request: LeafRequest): SignedLeaf {
    const serial = this.#random.next();
    const signed = this.#signedPart(request, serial);
    const signature = sign('sha256', signed, this.#signer.key);
    const out = new BackwardWriter(signed.length + 200);
    const end = out.position;
    out.put(signature);
    out.put(NO_UNUSED_BITS);
    out.wrap(TAG.BIT_STRING, end);
    out.put(ECDSA_WITH_SHA256);
    out.put(signed);
    out.wrap(TAG.SEQUENCE, end);
    return { der: out.written(), serial: serial.toString('hex') };
  }

  #signedPart(request: LeafRequest, serial: Buffer): Buffer {
    const { publicKey, spiffeId } = request;
    const out = new BackwardWriter(
      OVERHEAD + this.#issuer.length + publicKey.length + spiffeId.length,
    );
    const end = out.position;
    out.put(Buffer.from(spiffeId, 'latin1'));
    out.wrap(URI_NAME, end);
    out.wrap(TAG.SEQUENCE, end);
    out.wrap(TAG.OCTET_STRING, end);
    out.put(CRITICAL_ALT_NAME);
    out.wrap(TAG.SEQUENCE, end);
    out.put(keyIdentifier(publicKey));
    out.put(SUBJECT_KEY);
    out.put(this.#extensions);
    out.wrap(TAG.SEQUENCE, end);
    out.wrap(TAG.CONTEXT_3, end);
    out.put(publicKey);
    out.put(EMPTY_NAME);
    out.put(this.#validity(request));
    out.put(this.#issuer);
    out.put(serial);
    out.put(VERSION_AND_SERIAL);
    out.wrap(TAG.SEQUENCE, end);
    return out.written();
  }

  /** Certificates of one second share their times. */
  #validity({ notBefore, notAfter }: LeafRequest): Buffer {
    const known = this.#times;
    if (known?.notBefore === notBefore && known.notAfter === notAfter) {
      return known.der;
    }
    const der = sequence(time(notBefore), time(notAfter));
    this.#times = { notBefore, notAfter, der };
    return der;
  }
}
