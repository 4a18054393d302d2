import {
  isCertified,
  rootIn,
  type CertifiedRoot,
  type RootRecord,
} from '../store/authorityRows';
import { thresholdsOf } from './decideRotation';
import { bundleIsKnown, isUnused, type RotationProof } from './measureRotation';

/** Old roots that may be trusted beside each other. */
const MOST_OLD = 4;

/** What a person may do to a rotation. */
export const ROTATION_ACTIONS = [
  'prepare',
  'activate',
  'retire',
  'reverse',
  'pause',
  'resume',
] as const;
export type RotationAction = (typeof ROTATION_ACTIONS)[number];

/**
 * Whether an action can be taken. `unproven`: only by force, because something
 * is not measured yet; the message says what would break.
 */
export type Allowance =
  | { readonly state: 'allowed' }
  | { readonly state: 'unproven'; readonly message: string }
  | { readonly state: 'impossible'; readonly message: string };

const ALLOWED: Allowance = { state: 'allowed' };

function impossible(message: string): Allowance {
  return { state: 'impossible', message };
}

function list(names: readonly string[]): string {
  return names.length > 5
    ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
    : names.join(', ');
}

/** The root that a reversal brings back: the youngest old one that still has life and key. */
export function reversible(
  roots: readonly RootRecord[],
  now: number,
): CertifiedRoot | undefined {
  return roots
    .filter(isCertified)
    .filter(
      r =>
        r.state === 'old' &&
        (r.sealed !== undefined || r.keyReference !== undefined) &&
        Date.parse(r.notAfter) - now > thresholdsOf(r).activateBefore,
    )
    .at(-1);
}

function mayPrepare(roots: readonly RootRecord[]): Allowance {
  if (roots.some(r => r.state === 'prepared' || r.state === 'pending')) {
    return impossible(
      'The next root is prepared already. Activate it, or reverse.',
    );
  }
  return roots.filter(r => r.state === 'old').length >= MOST_OLD
    ? impossible('Four old roots are still trusted. Retire one first.')
    : ALLOWED;
}

function mayActivate(
  roots: readonly RootRecord[],
  proof: RotationProof,
  hasCross: boolean,
): Allowance {
  if (!rootIn(roots, 'prepared')) {
    return impossible('No next root is prepared. Prepare one first.');
  }
  if (bundleIsKnown(proof)) return ALLOWED;
  const { bundleClusters, bundlePods } = proof;
  const lacking = [...bundleClusters.waiting, ...bundleClusters.silent];
  const parts: string[] = [];
  if (lacking.length > 0) {
    parts.push(`${list(lacking)} did not confirm the new bundle`);
  }
  if (bundlePods.meeting < bundlePods.pods) {
    const missing = bundlePods.pods - bundlePods.meeting;
    parts.push(`${missing} of ${bundlePods.pods} pods do not hold it`);
  }
  const text = parts.join(', and ');
  return hasCross
    ? {
        state: 'unproven',
        message: `${text}. They go on verifying through the cross certificate, as long as the old root lives.`,
      }
    : impossible(
        `${text}, and there is no cross certificate through which they could verify the new root. Wait for them.`,
      );
}

function mayRetire(
  roots: readonly RootRecord[],
  proof: RotationProof,
): Allowance {
  const oldest = roots.find(r => r.state === 'old');
  if (!oldest) return impossible('No old root is left to retire.');
  if (isUnused(proof, oldest.keyId)) return ALLOWED;
  const use = proof.using.get(oldest.keyId);
  const unproven = proof.leaves.pods - proof.leaves.meeting;
  const parts: string[] = [];
  if (unproven > 0) {
    parts.push(
      `${unproven} of ${proof.leaves.pods} pods are not known to have a leaf under the active root`,
    );
  }
  if (use && use.clusters.length > 0) {
    parts.push(`${list(use.clusters)} may still issue under the old one`);
  }
  return {
    state: 'unproven',
    message: `The old root is in use: ${parts.join(
      ', and ',
    )}. They would be refused.`,
  };
}

function mayReverse(
  roots: readonly RootRecord[],
  proof: RotationProof,
  now: number,
): Allowance {
  const prepared = rootIn(roots, 'prepared');
  if (!prepared) {
    return reversible(roots, now)
      ? ALLOWED
      : impossible(
          'Nothing can be reversed: no root is prepared, and no old root is left that could sign again.',
        );
  }
  const use = proof.using.get(prepared.keyId);
  return use && (use.pods > 0 || use.clusters.length > 0)
    ? impossible(
        `The prepared root signed before: ${use.pods} pods have a leaf under it, ${use.clusters.length} clusters an issuer. It can be dropped when none is left.`,
      )
    : ALLOWED;
}

/** What a person may do now, and why not. Pure. */
export function rotationAllowances(input: {
  roots: readonly RootRecord[];
  proof: RotationProof;
  paused: boolean;
  /** The prepared root carries a signature of the active one. */
  hasCross: boolean;
  /** Milliseconds. */
  now: number;
}): Record<RotationAction, Allowance> {
  const { roots, proof, paused, now } = input;
  const unless = (allowance: Allowance) =>
    paused ? impossible('The rotation is paused. Resume it first.') : allowance;
  return {
    prepare: unless(mayPrepare(roots)),
    activate: unless(mayActivate(roots, proof, input.hasCross)),
    retire: unless(mayRetire(roots, proof)),
    reverse: unless(mayReverse(roots, proof, now)),
    pause: paused ? impossible('It is paused already.') : ALLOWED,
    resume: paused ? ALLOWED : impossible('It is not paused.'),
  };
}
