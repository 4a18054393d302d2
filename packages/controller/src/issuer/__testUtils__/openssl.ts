import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs the `openssl` of the machine in a folder with these files. */
function withFiles<T>(
  files: Record<string, string | Buffer>,
  work: (run: (...args: string[]) => string, folder: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-openssl-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content);
    }
    return work(
      (...args) =>
        execFileSync('openssl', args, {
          cwd: folder,
          encoding: 'utf8',
          stdio: 'pipe',
          maxBuffer: 512 * 1024 * 1024,
        }),
      folder,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A request made by OpenSSL, PEM. `key`: PKCS #8 PEM. */
export function opensslRequest(key: string, uri: string): string {
  const config = `[req]\ndistinguished_name=dn\nreq_extensions=e\n[dn]\n[e]\nsubjectAltName=critical,URI:${uri}\n`;
  return withFiles({ 'key.pem': key, 'csr.cnf': config }, (run, folder) => {
    run(
      ...'req -new -key key.pem -subj / -config csr.cnf -out csr.pem'.split(
        ' ',
      ),
    );
    return readFileSync(join(folder, 'csr.pem'), 'utf8');
  });
}

/** Thousands of certificates as OpenSSL prints them, in one run. */
export function opensslPrint(certificates: readonly string[]): string[] {
  return withFiles({ 'all.pem': certificates.join('') }, run => {
    run(...'crl2pkcs7 -nocrl -certfile all.pem -out all.p7'.split(' '));
    return run(...'pkcs7 -in all.p7 -print_certs -text -noout'.split(' '))
      .split(/^Certificate:$/m)
      .slice(1);
  });
}
