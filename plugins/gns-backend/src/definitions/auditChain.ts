import { createHash } from 'node:crypto';
import { canonicalJson } from '@isthmus/plugin-gns-common';

/** What the hash of an audit entry covers. `details` is canonical JSON text. */
export interface ChainedEntry {
  seq: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  message: string;
  details: string;
  /** Hash of the entry before; empty for the first. */
  prevHash: string;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** SHA-256, hex, of everything that the entry says and of the hash before it. */
export function hashEntry(entry: ChainedEntry): string {
  return sha256(
    canonicalJson([
      entry.seq,
      entry.at,
      entry.actor,
      entry.action,
      entry.subject,
      entry.message,
      entry.details,
      entry.prevHash,
    ]),
  );
}

/** How far a chain has been followed. */
export interface ChainPosition {
  seq: number;
  hash: string;
}

export const CHAIN_START: ChainPosition = { seq: 0, hash: '' };

/**
 * Follows the chain over the next entries, in order.
 * @returns the new position; undefined as soon as an entry was changed,
 * removed or put in.
 */
export function followChain(
  from: ChainPosition,
  entries: ReadonlyArray<ChainedEntry & { hash: string }>,
): ChainPosition | undefined {
  let at = from;
  for (const entry of entries) {
    if (
      entry.seq !== at.seq + 1 ||
      entry.prevHash !== at.hash ||
      entry.hash !== hashEntry(entry)
    ) {
      return undefined;
    }
    at = { seq: entry.seq, hash: entry.hash };
  }
  return at;
}
