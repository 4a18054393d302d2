import { X509Certificate } from 'node:crypto';
import { CertificateAuthority } from './certificateAuthority';

describe('CertificateAuthority', () => {
  it('signs intermediates and serving certificates that verify up to the root', async () => {
    const root = await CertificateAuthority.createRoot('root');
    const intermediate = await root.createIntermediate('east');
    const serving = await root.issueServing('server', {
      dns: ['kubernetes.default.svc'],
      ip: ['10.240.0.1'],
    });
    const rootCertificate = new X509Certificate(root.certificate);
    const leaf = new X509Certificate(serving.certificate);
    expect(leaf.verify(rootCertificate.publicKey)).toBe(true);
    expect(leaf.checkIP('10.240.0.1')).toBe('10.240.0.1');
    expect(leaf.checkHost('kubernetes.default.svc')).toBe(
      'kubernetes.default.svc',
    );
    expect(leaf.ca).toBe(false);

    const signed = new X509Certificate(intermediate.certificate);
    expect(signed.verify(rootCertificate.publicKey)).toBe(true);
    expect(signed.ca).toBe(true);
    expect(intermediate.root).toBe(root.certificate);
    expect(intermediate.chain).toBe(
      intermediate.certificate + root.certificate,
    );
    await expect(intermediate.key()).resolves.toMatch(
      /^-----BEGIN PRIVATE KEY-----/,
    );
  });
});
