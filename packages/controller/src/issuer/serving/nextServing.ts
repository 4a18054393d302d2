import { X509Certificate } from 'node:crypto';
import { isoTime } from '../../timing/Clock';
import { ServingRecord } from '../kept/issuerRecord';
import {
  CertifiedKey,
  makeServingCertificate,
  makeServingRoot,
} from './servingKeys';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Lives of what the controller serves TLS with, milliseconds. Tests shorten them. */
export interface ServingLives {
  root: number;
  /** A new root is made when the newest has less than this left. */
  rootRenewal: number;
  /**
   * A new root signs only after this: kubelets need a minute or two to bring it into
   * the pods.
   */
  rootSpread: number;
  certificate: number;
}

export const DEFAULT_SERVING_LIVES: ServingLives = {
  root: 10 * 365 * DAY,
  rootRenewal: 365 * DAY,
  rootSpread: HOUR,
  certificate: 30 * DAY,
};

/** How far lives begin in the past: clocks differ. */
const BACKDATE = 120_000;

/**
 * What the controller shall serve TLS with; undefined: what is kept is right
 * until `lookAgain` says otherwise. Certificates are renewed at half of their life.
 */
export function nextServing(
  kept: ServingRecord | undefined,
  names: readonly string[],
  lives: ServingLives,
  now: number,
): { record: ServingRecord | undefined; lookAgain: number } {
  const roots = nextRoots(kept?.roots ?? [], lives, now);
  const signer = signerOf(roots, lives, now);
  const serving =
    kept && fits(kept.serving, signer, names, now)
      ? kept.serving
      : makeServingCertificate(signer, names, {
          notBefore: now - BACKDATE,
          notAfter: now + lives.certificate,
        });
  const same =
    kept !== undefined &&
    serving === kept.serving &&
    roots.length === kept.roots.length &&
    roots.every((root, i) => root === kept.roots[i]);
  return {
    record: same ? undefined : { version: 1, roots, serving },
    lookAgain: Math.min(
      halfLife(serving),
      now + Math.max(lives.rootSpread, 1_000),
      now + HOUR,
    ),
  };
}

/** Roots that have not ended; with a new one when the newest nears its end. */
function nextRoots(
  roots: readonly CertifiedKey[],
  lives: ServingLives,
  now: number,
): CertifiedKey[] {
  const living = roots.filter(root => Date.parse(root.notAfter) > now);
  const newest = living.at(-1);
  const isFresh =
    newest && Date.parse(newest.notAfter) - now > lives.rootRenewal;
  const next = isFresh
    ? living
    : [
        ...living,
        makeServingRoot({
          notBefore: now - BACKDATE,
          notAfter: now + lives.root,
        }),
      ];
  return next.slice(-3);
}

/** The newest root that has had time to reach the pods; else the oldest. */
function signerOf(
  roots: readonly CertifiedKey[],
  lives: ServingLives,
  now: number,
): CertifiedKey {
  const spread = roots.filter(
    root => now - BACKDATE - Date.parse(root.notBefore) >= lives.rootSpread,
  );
  return spread.at(-1) ?? roots[0];
}

function fits(
  serving: CertifiedKey,
  signer: CertifiedKey,
  names: readonly string[],
  now: number,
): boolean {
  const certificate = new X509Certificate(serving.certificate);
  const root = new X509Certificate(signer.certificate);
  return (
    now < halfLife(serving) &&
    certificate.checkIssued(root) &&
    certificate.verify(root.publicKey) &&
    names.every(name => certificate.checkHost(name) !== undefined)
  );
}

function halfLife({ notBefore, notAfter }: CertifiedKey): number {
  return (Date.parse(notBefore) + Date.parse(notAfter)) / 2;
}

/** What pods shall verify the controller with, PEM. */
export function rootsOf(record: ServingRecord): string {
  return record.roots.map(root => root.certificate).join('');
}

/** For people: when the newest root ends. */
export function rootsEnd(record: ServingRecord): string {
  return isoTime(Math.max(...record.roots.map(r => Date.parse(r.notAfter))));
}
