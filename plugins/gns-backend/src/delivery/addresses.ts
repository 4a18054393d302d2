import { createHash } from 'node:crypto';
import { InputError } from '@backstage/errors';

/** Istio assigns out of this range itself (240.240.0.0/16). */
const ISTIO_OWN = { start: 0xf0f00000, end: 0xf0f0ffff };

/** A range of IPv4 addresses as numbers, both ends included. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** Vanished hosts keep their address for this, milliseconds: clients cache names. */
export const ADDRESS_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Reads `240.16.0.0/12`.
 * @throws InputError when it is no IPv4 range of /8 to /24, or lies in Istio's own
 */
export function readAddressRange(text: string): AddressRange {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(
    text,
  );
  const bytes = match?.slice(1, 5).map(Number) ?? [];
  const bits = Number(match?.[5]);
  if (!match || bytes.some(b => b > 255) || !(bits >= 8 && bits <= 24)) {
    throw new InputError(
      `gns.addressRange: "${text}" is no IPv4 range of /8 to /24. Write for example 240.16.0.0/12`,
    );
  }
  const base = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - bits);
  const start = Math.floor(base / size) * size;
  const range = { start, end: start + size - 1 };
  if (range.start >= ISTIO_OWN.start && range.end <= ISTIO_OWN.end) {
    throw new InputError(
      `gns.addressRange: "${text}" lies in 240.240.0.0/16, which Istio assigns from. Write for example 240.16.0.0/12`,
    );
  }
  return range;
}

function format(address: number): string {
  return [24, 16, 8, 0].map(s => Math.floor(address / 2 ** s) % 256).join('.');
}

function isUsable(address: number): boolean {
  const last = address % 256;
  return (
    last !== 0 &&
    last !== 255 &&
    !(address >= ISTIO_OWN.start && address <= ISTIO_OWN.end)
  );
}

/**
 * An address for each host, at a place that follows from its name, so that a
 * hub that starts from nothing most likely assigns the same ones again. Pure.
 * @returns host → address; hosts for which no address is free are missing
 */
export function assignAddresses(
  hosts: readonly string[],
  taken: ReadonlySet<string>,
  range: AddressRange,
): Map<string, string> {
  const size = range.end - range.start + 1;
  const used = new Set(taken);
  const assigned = new Map<string, string>();
  for (const host of [...hosts].sort()) {
    const first =
      createHash('sha256').update(host).digest().readUIntBE(0, 6) % size;
    for (let step = 0; step < size; step += 1) {
      const address = range.start + ((first + step) % size);
      const text = format(address);
      if (!isUsable(address) || used.has(text)) continue;
      used.add(text);
      assigned.set(host, text);
      break;
    }
  }
  return assigned;
}
