/** PEM with lines of 64 characters, ended by a line feed. */
export function toPem(label: string, der: Uint8Array): string {
  const body =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${body.join(
    '\n',
  )}\n-----END ${label}-----\n`;
}

/** DER of the one block of this label. @throws Error when there is none, or more than one */
export function fromPem(label: string, text: string): Buffer {
  const match = new RegExp(
    `^\\s*-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----\\s*$`,
  ).exec(text);
  if (!match) throw new Error(`It is not one PEM block ${label}`);
  const body = match[1].replace(/\s+/g, '');
  if (
    !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
      body,
    )
  ) {
    throw new Error(`The PEM block ${label} is no base64`);
  }
  return Buffer.from(body, 'base64');
}
