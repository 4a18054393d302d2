import { KeyObject, X509Certificate, createPrivateKey } from 'node:crypto';
import { TrustBundle } from '@isthmus/plugin-gns-common';
import { keyIdentifier } from './keyIdentifier';
import { LeafTemplate } from './LeafTemplate';
import { readAuthority } from './readAuthority';

/** An issuer that can sign. */
export interface LoadedIssuer {
  keyId: string;
  rootKeyId: string;
  /** Milliseconds. */
  notBefore: number;
  notAfter: number;
  pem: string;
  certificate: X509Certificate;
  template: LeafTemplate;
}

/** A certificate that is not that of an issuer of ours. */
export class IssuerMismatch extends Error {
  readonly name = 'IssuerMismatch';
}

/**
 * Makes an issuer of its certificate and key, and checks all that peers will
 * check: that the key is the certificate's, that it may sign end entities and
 * nothing else, and that a root of the bundle signed it. Its life is the caller's to judge.
 * Throws {@link IssuerMismatch}, or what the parsers throw.
 */
export function loadIssuer(options: {
  /** PEM. */
  certificate: string;
  /** P-256, PKCS #8 PEM. */
  key: string;
  roots: TrustBundle['roots'];
}): LoadedIssuer {
  const certificate = new X509Certificate(options.certificate);
  const key = createPrivateKey(options.key);
  const { subject, publicKey, subjectKeyIdentifier, pathLength } =
    readAuthority(certificate.raw);
  if (!certificate.checkPrivateKey(key)) {
    throw new IssuerMismatch('The certificate of the issuer has another key');
  }
  if (!isP256(key)) {
    throw new IssuerMismatch('The key of the issuer is not on P-256');
  }
  if (!certificate.ca || pathLength !== 0) {
    throw new IssuerMismatch(
      'The certificate is not that of an issuer with path length 0',
    );
  }
  if (!subjectKeyIdentifier?.equals(keyIdentifier(publicKey))) {
    throw new IssuerMismatch(
      'The certificate of the issuer does not carry the id of its key',
    );
  }
  const root = options.roots.find(({ pem }) =>
    isSignedBy(certificate, new X509Certificate(pem)),
  );
  if (!root) {
    throw new IssuerMismatch(
      'The certificate of the issuer is signed by no root of the bundle',
    );
  }
  const template = new LeafTemplate({
    key,
    name: subject,
    keyIdentifier: subjectKeyIdentifier,
  });
  proveTemplate(template, certificate, publicKey);
  return {
    keyId: subjectKeyIdentifier.toString('hex'),
    rootKeyId: root.keyId,
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    pem: options.certificate,
    certificate,
    template,
  };
}

/** Whether one certificate signed another: names, key ids and signature agree. */
export function isSignedBy(
  certificate: X509Certificate,
  by: X509Certificate,
): boolean {
  return certificate.checkIssued(by) && certificate.verify(by.publicKey);
}

function isP256(key: KeyObject): boolean {
  return (
    key.asymmetricKeyType === 'ec' &&
    key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
  );
}

/** Signs once, for nobody, so that a template that signs badly is found before a pod asks. */
function proveTemplate(
  template: LeafTemplate,
  issuer: X509Certificate,
  publicKey: Buffer,
): void {
  const { der } = template.sign({
    publicKey,
    spiffeId: 'spiffe://self.test/ns/none/sa/none',
    notBefore: 0,
    notAfter: 0,
  });
  if (!isSignedBy(new X509Certificate(der), issuer)) {
    throw new IssuerMismatch('The issuer signs nothing that verifies');
  }
}
