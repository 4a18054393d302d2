import { MOST_BYTES, readBackupFiles } from './readBackupFiles';

const pem = (what: string) =>
  `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`;
const CERTIFICATE = pem('CERTIFICATE');
const KEY = pem('PRIVATE KEY');
const backup = {
  apiVersion: 'gns.isthmus.dev/authority-backup/v1',
  gns: 'shop',
  exportedAt: '2026-11-01T00:00:00.000Z',
  roots: [
    {
      keyId: 'ab'.repeat(20),
      state: 'active',
      certificate: CERTIFICATE,
      sealed: { version: 1 },
      protector: 'config',
    },
  ],
};
const read = (...texts: string[]) => readBackupFiles(texts, 'shop');

describe('readBackupFiles', () => {
  it('reads a backup of this global namespace', () => {
    expect(read(JSON.stringify(backup, null, 2))).toEqual({
      type: 'backup',
      backup,
    });
  });

  it.each([
    ['in one file', [CERTIFICATE + KEY]],
    ['in two files, in any order', [KEY, CERTIFICATE]],
    ['with words around them', [`Bag Attributes\n${CERTIFICATE}`, `x\n${KEY}`]],
  ])('reads a CA %s', (_what, texts) => {
    expect(read(...texts)).toEqual({
      type: 'root',
      certificate: CERTIFICATE,
      privateKey: KEY,
    });
  });

  it.each<[string, string[], string]>([
    [
      'of another global namespace',
      [JSON.stringify({ ...backup, gns: 'bank' })],
      'otherGns',
    ],
    ['that is cut short', [JSON.stringify(backup).slice(0, 80)], 'noBackup'],
    ['that is something else', ['{"kind":"Secret"}'], 'noBackup'],
    ['without a certificate', [KEY], 'noCertificate'],
    ['with a chain', [CERTIFICATE + CERTIFICATE + KEY], 'severalCertificates'],
    ['without a key', [CERTIFICATE], 'noKey'],
    [
      'with a key of another form',
      [CERTIFICATE + pem('RSA PRIVATE KEY')],
      'keyForm',
    ],
    [
      'with a locked key',
      [CERTIFICATE + pem('ENCRYPTED PRIVATE KEY')],
      'keyForm',
    ],
    ['that is far too large', ['x'.repeat(MOST_BYTES + 1)], 'tooLarge'],
    ['that is empty', [''], 'noCertificate'],
  ])('says what is wrong with a file %s', (_what, texts, problem) => {
    expect(read(...texts)).toBe(problem);
  });
});
