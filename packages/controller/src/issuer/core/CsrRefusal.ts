/** Why a certificate request is refused, as a word. */
export type CsrRefusalReason =
  /** No PEM, no DER, or not the DER of a PKCS #10 request. */
  | 'Malformed'
  | 'TooLarge'
  /** Key of a type, size or form that we do not certify. */
  | 'Key'
  /** The signature algorithm is not one that we take for this key. */
  | 'SignatureAlgorithm'
  /** The request is not signed by its own key. */
  | 'Signature'
  /** Asks for a subject. */
  | 'Subject'
  /** Asks for attributes or extensions besides the one SAN. */
  | 'Extension'
  /** Asks for names other than the caller's own. */
  | 'Name';

/** A request for a certificate that is not granted; the message may be shown to its sender. */
export class CsrRefusal extends Error {
  readonly name = 'CsrRefusal';

  constructor(readonly reason: CsrRefusalReason, message: string) {
    super(message);
  }
}
