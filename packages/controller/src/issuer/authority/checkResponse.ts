import { IssuerResponse, TrustBundle } from '@isthmus/plugin-gns-common';
import { IssuerMismatch, loadIssuer } from '../core/loadIssuer';
import { readAuthority } from '../core/readAuthority';
import { IssuerRecord } from '../kept/issuerRecord';
import { issuerName, keyIdOf } from './issuerCsr';

/**
 * The issuer that a hub's answer gives, fit to be kept. Throws
 * {@link IssuerMismatch} for an answer that peers would not verify, or that is
 * not for our key, name and bundle: the hub is believed only as far as this.
 */
export function checkResponse(
  response: IssuerResponse,
  expected: {
    gns: string;
    cluster: string;
    key: string;
    /** What our workloads are told to trust. */
    bundle: TrustBundle;
    now: number;
  },
): NonNullable<IssuerRecord['issuer']> {
  const [certificate] = response.chain;
  const keyId = keyIdOf(expected.key);
  const issuer = loadIssuer({
    certificate,
    key: expected.key,
    roots: expected.bundle.roots,
  });
  if (issuer.keyId !== keyId || issuer.rootKeyId !== response.rootKeyId) {
    throw new IssuerMismatch('The hub answered for another key or root');
  }
  const { subject } = readAuthority(issuer.certificate.raw);
  if (!subject.equals(issuerName({ ...expected, keyId }))) {
    throw new IssuerMismatch(
      `The hub's certificate is for ${issuer.certificate.subject?.replace(
        /\n/g,
        ', ',
      )}`,
    );
  }
  if (issuer.notAfter <= expected.now) {
    throw new IssuerMismatch("The hub's certificate has expired already");
  }
  return {
    key: expected.key,
    certificate,
    serial: issuer.certificate.serialNumber.toLowerCase(),
    keyId,
    rootKeyId: issuer.rootKeyId,
    notBefore: issuer.certificate.validFromDate.toISOString(),
    notAfter: issuer.certificate.validToDate.toISOString(),
  };
}
