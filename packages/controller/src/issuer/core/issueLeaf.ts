import { KeyObject, X509Certificate, verify } from 'node:crypto';
import { CertificateRequest } from './parseCertificateRequest';
import { CsrRefusal } from './CsrRefusal';
import { LeafTemplate, SignedLeaf } from './LeafTemplate';

/** How far a certificate's life begins in the past: clocks differ (as istiod does). */
export const BACKDATE = 120_000;

/** A certificate that was signed and found not to be what it should: it is thrown away. */
export class LeafMismatch extends Error {
  readonly name = 'LeafMismatch';
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

export interface LeafGrant {
  /** The caller's own identity; the request must ask for exactly this. */
  spiffeId: string;
  /** Milliseconds since the epoch. */
  now: number;
  /** Milliseconds since the epoch; not later than the issuer's own end. */
  notAfter: number;
}

/**
 * Issues one certificate: signs it, has OpenSSL read it back, and only then
 * verifies, with the key that OpenSSL found in it, that the request was signed
 * by that very key. So what was verified is what was certified, and nothing
 * that fails any check leaves. Throws {@link CsrRefusal} for the request's
 * faults and {@link LeafMismatch} for our own.
 */
export function issueLeaf(
  template: LeafTemplate,
  issuer: X509Certificate,
  request: CertificateRequest,
  grant: LeafGrant,
): SignedLeaf {
  refuseOtherName(request, grant.spiffeId);
  const notBefore = wholeSeconds(grant.now - BACKDATE);
  const notAfter = wholeSeconds(grant.notAfter);
  const leaf = template.sign({
    publicKey: request.publicKey,
    spiffeId: grant.spiffeId,
    notBefore,
    notAfter,
  });
  const publicKey = readBack(leaf, issuer, {
    spiffeId: grant.spiffeId,
    notBefore,
    notAfter,
  });
  if (!verify(request.hash, request.signed, publicKey, request.signature)) {
    throw new CsrRefusal(
      'Signature',
      'The certificate request is not signed by its own key',
    );
  }
  return leaf;
}

/** Throws {@link CsrRefusal} when a request asks for another identity than its sender's. */
export function refuseOtherName(
  request: Pick<CertificateRequest, 'uri'>,
  spiffeId: string,
): void {
  if (request.uri.equals(Buffer.from(spiffeId, 'latin1'))) return;
  const asked = request.uri
    .subarray(0, 300)
    .toString('latin1')
    .replace(/[^ -~]/g, '?');
  throw new CsrRefusal(
    'Name',
    `The certificate request asks for ${asked}; its sender is ${spiffeId}`,
  );
}

/** Reads a fresh certificate with OpenSSL's parser; the key that stands in it. */
function readBack(
  leaf: SignedLeaf,
  issuer: X509Certificate,
  expected: { spiffeId: string; notBefore: number; notAfter: number },
): KeyObject {
  let read: X509Certificate;
  let publicKey: KeyObject;
  try {
    read = new X509Certificate(leaf.der);
    ({ publicKey } = read);
  } catch (error) {
    // Everything but the key is ours: so it is the key that OpenSSL refuses.
    throw new CsrRefusal(
      'Key',
      `The key is not valid: ${error instanceof Error ? error.message : error}`,
    );
  }
  const wrong = firstMismatch(read, issuer, leaf.serial, expected);
  if (wrong !== undefined) {
    throw new LeafMismatch(
      `A certificate was not what it should be and was thrown away: its ${wrong} is not what was asked for`,
    );
  }
  return publicKey;
}

/** One comparison after another, without lists: this runs for every certificate. */
function firstMismatch(
  read: X509Certificate,
  issuer: X509Certificate,
  serial: string,
  expected: { spiffeId: string; notBefore: number; notAfter: number },
): string | undefined {
  if (read.subjectAltName !== `URI:${expected.spiffeId}`) return 'name';
  if (read.ca) return 'right to sign others';
  if (read.subject !== undefined) return 'subject';
  if (!read.checkIssued(issuer)) return 'issuer';
  const usage = read.keyUsage;
  if (
    usage.length !== 2 ||
    usage[0] !== SERVER_AUTH ||
    usage[1] !== CLIENT_AUTH
  ) {
    return 'usage';
  }
  if (read.serialNumber.toLowerCase() !== serial) return 'serial number';
  if (read.validFromDate.getTime() !== expected.notBefore) return 'beginning';
  if (read.validToDate.getTime() !== expected.notAfter) return 'end';
  return undefined;
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
