import { generate } from 'selfsigned';

/** A PEM key pair. */
export interface Certificate {
  cert: string;
  key: string;
}

const TEN_YEARS_DAYS = 3650;

/**
 * Makes a self-signed certificate for a server on the loopback interface. It
 * is its own authority: clients trust it by holding it.
 */
export function createServingCertificate(): Certificate {
  const { cert, private: key } = generate(
    [{ name: 'commonName', value: 'isthmus-simulator' }],
    {
      days: TEN_YEARS_DAYS,
      keySize: 2048,
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        {
          name: 'keyUsage',
          keyCertSign: true,
          digitalSignature: true,
          keyEncipherment: true,
          critical: true,
        },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 7, ip: '127.0.0.1' },
            { type: 2, value: 'localhost' },
          ],
        },
      ],
    },
  );
  return { cert, key };
}
