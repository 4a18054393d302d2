import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { curlOf, quote } from './curl';

/** What a shell makes of the words of a command, and its standard input. */
function readByShell(command: string): { words: string[]; input: string } {
  const out = execFileSync(
    'sh',
    [
      '-c',
      `curl() { for one in "$@"; do printf '%s\\0' "$one"; done; printf '\\0'; case "$*" in *@-*) cat;; esac; }
TOKEN=secret
${command}`,
    ],
    { encoding: 'utf8' },
  );
  const end = out.indexOf('\0\0');
  return { words: out.slice(0, end).split('\0'), input: out.slice(end + 2) };
}

describe('curlOf', () => {
  it('writes a document as it is, with the headers of the write', () => {
    const text = "kind: GlobalNamespace # it's\nEND\nspec: {}\n";
    const { words, input } = readByShell(
      curlOf('https://portal/api/gns', {
        method: 'PUT',
        path: '/definitions/GlobalNamespace/shop',
        headers: { 'If-Match': '"7"' },
        body: { type: 'yaml', text },
      }),
    );
    expect(words).toEqual([
      '-X',
      'PUT',
      'https://portal/api/gns/v1/definitions/GlobalNamespace/shop',
      '-H',
      'Authorization: Bearer secret',
      '-H',
      'If-Match: "7"',
      '-H',
      'Content-Type: application/yaml',
      '--data-binary',
      '@-',
    ]);
    expect(input).toBe(text);
  });

  it('reads without a method or body', () => {
    expect(curlOf('/api/gns', { method: 'GET', path: '/clusters' })).toBe(
      `curl /api/gns/v1/clusters \\\n  -H "Authorization: Bearer $TOKEN"`,
    );
  });
});

describe('quote', () => {
  it('gives the shell exactly one word', () => {
    const words = fc.sample(
      fc.string({ minLength: 1 }).filter(text => !/[\0]/.test(text)),
      60,
    );
    for (const word of [...words, "$(rm -rf /)'`$TOKEN`'", 'a\nb']) {
      expect(readByShell(`curl ${quote(word)}`).words).toEqual([word]);
    }
  });
});
