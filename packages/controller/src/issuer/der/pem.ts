/** Turns DER into PEM of the given label, ends with a line break. */
export function toPem(label: string, der: Uint8Array): string {
  const text = Buffer.from(der.buffer, der.byteOffset, der.length).toString(
    'base64',
  );
  let lines = '';
  for (let at = 0; at < text.length; at += 64) {
    lines += `${text.slice(at, at + 64)}\n`;
  }
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * The DER of exactly one PEM block of this label, with nothing around it but
 * white space; undefined for anything else.
 */
export function fromPem(label: string, text: string): Buffer | undefined {
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const trimmed = text.trim();
  if (!trimmed.startsWith(begin) || !trimmed.endsWith(end)) return undefined;
  const body = trimmed
    .slice(begin.length, trimmed.length - end.length)
    .replace(/[\r\n]/g, '');
  if (body.length % 4 !== 0 || !BASE64.test(body)) return undefined;
  return Buffer.from(body, 'base64');
}
