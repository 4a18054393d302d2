import {
  authorityBackupSchema,
  type AuthorityBackup,
} from '@isthmus/plugin-gns-common';

/** What files hold that a person chose to bring in. */
export type BroughtIn =
  | { type: 'backup'; backup: AuthorityBackup }
  | { type: 'root'; certificate: string; privateKey: string };

/** Why they cannot be brought in. */
export type BringProblem =
  | 'tooLarge'
  | 'noBackup'
  | 'otherGns'
  | 'noCertificate'
  | 'severalCertificates'
  | 'noKey'
  | 'keyForm';

/** More than a backup of eight roots needs. */
export const MOST_BYTES = 256 * 1024;

const CERTIFICATE =
  /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const KEY = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/;
const OTHER_KEY = /-----BEGIN (?:[A-Z]+ )+PRIVATE KEY-----/;

/**
 * Reads a backup (JSON), or the certificate and the key of a CA (PEM, in one
 * file or two). Whether the hub takes them it says itself. Pure.
 *
 * @param gns - that they shall belong to
 */
export function readBackupFiles(
  texts: readonly string[],
  gns: string,
): BroughtIn | BringProblem {
  const all = texts.join('\n');
  if (all.length > MOST_BYTES) return 'tooLarge';
  if (texts.length === 1 && all.trimStart().startsWith('{')) {
    return readBackup(all, gns);
  }
  const certificates = all.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) return 'noCertificate';
  if (certificates.length > 1) return 'severalCertificates';
  const key = KEY.exec(all)?.[0];
  if (!key) return OTHER_KEY.test(all) ? 'keyForm' : 'noKey';
  return {
    type: 'root',
    certificate: `${certificates[0]}\n`,
    privateKey: `${key}\n`,
  };
}

function readBackup(text: string, gns: string): BroughtIn | BringProblem {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'noBackup';
  }
  const parsed = authorityBackupSchema.safeParse(json);
  if (!parsed.success) return 'noBackup';
  return parsed.data.gns === gns
    ? { type: 'backup', backup: parsed.data }
    : 'otherGns';
}
