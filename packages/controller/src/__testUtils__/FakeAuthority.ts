import { createPublicKey, verify } from 'node:crypto';
import {
  IssuerRequest,
  IssuerResponse,
  issuerResponseSchema,
} from '@isthmus/plugin-gns-common';
import { keyIdentifier } from '../issuer/core/keyIdentifier';
import { DerCursor, TAG } from '../issuer/der/DerCursor';
import { fromPem } from '../issuer/der/pem';
import {
  TestAuthority,
  makeAuthority,
} from '../issuer/__testUtils__/testIssuer';

/** The signing half of a hub: roots by global namespace, issuers by key. */
export class FakeAuthority {
  /** The root that signs now, by global namespace. */
  readonly roots = new Map<string, TestAuthority>();
  readonly requests: IssuerRequest[] = [];
  /** Life of an issuer, milliseconds, and how much of it lies in the past. */
  life = 7 * 24 * 3_600_000;
  backdate = 60_000;
  /** Refuses with this status instead. */
  refuses: number | undefined;
  /** Changes an answer on its way. */
  twist: (response: IssuerResponse) => IssuerResponse = r => r;
  /** By global namespace and key id: the same key gets the same certificate. */
  readonly issued = new Map<string, IssuerResponse>();

  answer(request: IssuerRequest): { status: number; body: unknown } {
    this.requests.push(request);
    if (this.refuses) {
      return {
        status: this.refuses,
        body: { error: { message: `refused with ${this.refuses}` } },
      };
    }
    const root = this.roots.get(request.gns);
    if (!root) {
      return { status: 403, body: { error: { message: 'no member' } } };
    }
    const { subject, publicKey } = readIssuerCsr(request.csr);
    const rootKeyId = root.keyId.toString('hex');
    const key = `${request.gns} ${rootKeyId} ${keyIdentifier(
      publicKey,
    ).toString('hex')}`;
    let response = this.issued.get(key);
    if (!response) {
      const now = Date.now();
      const issuer = makeAuthority({
        name: '',
        subject,
        publicKey,
        parent: root,
        notBefore: now - this.backdate,
        notAfter: now - this.backdate + this.life,
      });
      response = issuerResponseSchema.parse({
        chain: [issuer.pem],
        serial: issuer.certificate.serialNumber.toLowerCase(),
        rootKeyId,
        notBefore: issuer.certificate.validFromDate.toISOString(),
        notAfter: issuer.certificate.validToDate.toISOString(),
        bundle: { epoch: 1, roots: [{ keyId: rootKeyId, pem: root.pem }] },
      });
      this.issued.set(key, response);
    }
    return { status: 200, body: this.twist(response) };
  }
}

/** Reads what a controller asks for, and that it holds the key. */
function readIssuerCsr(pem: string): { subject: Buffer; publicKey: Buffer } {
  const der = fromPem('CERTIFICATE REQUEST', pem)!;
  const request = new DerCursor(der).enter(TAG.SEQUENCE, 'request');
  const signed = request.whole(TAG.SEQUENCE, 'signed part');
  request.whole(TAG.SEQUENCE, 'algorithm');
  const signature = request.content(TAG.BIT_STRING, 'signature').subarray(1);
  const info = new DerCursor(signed).enter(TAG.SEQUENCE, 'signed part');
  info.whole(TAG.INTEGER, 'version');
  const subject = info.whole(TAG.SEQUENCE, 'subject');
  const publicKey = info.whole(TAG.SEQUENCE, 'key');
  info.content(TAG.CONTEXT_0, 'attributes');
  info.finish('attributes');
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  if (!verify('sha256', signed, key, signature)) throw new Error('bad CSR');
  return { subject: Buffer.from(subject), publicKey: Buffer.from(publicKey) };
}
