import { isCertified, rootIn, type RootRecord } from '../store/authorityRows';
import { bundleIsKnown, isUnused, type RotationProof } from './measureRotation';

const DAY = 24 * 3600_000;

/** An expired old root is dropped after this, used or not: it verifies nothing. */
export const DROP_AFTER_MS = DAY;

/** When a root's successor is due, milliseconds before its end (SPIRE's slot arithmetic). */
export interface RotationThresholds {
  readonly prepareBefore: number;
  readonly activateBefore: number;
  /** From here the successor signs even where it is not known everywhere: its cross certificate carries it. */
  readonly forceBefore: number;
}

/** Prepare at half of its life, at most 30 days before its end; activate at a sixth, at most 7 days. */
export function thresholdsOf(root: {
  notBefore: string;
  notAfter: string;
}): RotationThresholds {
  const life = Date.parse(root.notAfter) - Date.parse(root.notBefore);
  const activateBefore = Math.min(life / 6, 7 * DAY);
  return {
    prepareBefore: Math.min(life / 2, 30 * DAY),
    activateBefore,
    forceBefore: activateBefore / 2,
  };
}

/** What the automatic rotation does next. */
export type RotationMove =
  | { readonly type: 'prepare' }
  | {
      readonly type: 'activate';
      readonly keyId: string;
      readonly forced: boolean;
    }
  | {
      readonly type: 'retire';
      readonly keyId: string;
      readonly reason: 'unused' | 'expired';
    };

export interface RotationInput {
  readonly roots: readonly RootRecord[];
  readonly proof: RotationProof;
  readonly paused: boolean;
  /** Milliseconds. */
  readonly now: number;
}

function end(root: { notAfter: string }): number {
  return Date.parse(root.notAfter);
}

/**
 * The next step of the automatic rotation; undefined: nothing is due, or it
 * waits for proof. Pure; what is due stays due, so a crash loses nothing.
 */
export function decideRotation(input: RotationInput): RotationMove | undefined {
  const { roots, proof, paused, now } = input;
  const active = rootIn(roots, 'active');
  if (paused || !active) return undefined;
  const olds = roots.filter(isCertified).filter(r => r.state === 'old');
  const expired = olds.find(r => end(r) + DROP_AFTER_MS <= now);
  if (expired) {
    return { type: 'retire', keyId: expired.keyId, reason: 'expired' };
  }
  const { prepareBefore, activateBefore, forceBefore } = thresholdsOf(active);
  const left = end(active) - now;
  const prepared = rootIn(roots, 'prepared');
  if (left <= prepareBefore && !prepared) {
    const pending = roots.some(r => r.state === 'pending');
    if (!pending) return { type: 'prepare' };
  }
  if (left <= activateBefore && prepared && end(prepared) > end(active)) {
    const known = bundleIsKnown(proof);
    if (known || left <= forceBefore) {
      return { type: 'activate', keyId: prepared.keyId, forced: !known };
    }
  }
  // What a person began by hand, a person ends by hand.
  if (active.byHand) return undefined;
  const unused = olds.find(r => isUnused(proof, r.keyId));
  return unused && { type: 'retire', keyId: unused.keyId, reason: 'unused' };
}
