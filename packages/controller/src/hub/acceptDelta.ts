import { createHash } from 'node:crypto';
import {
  DesiredDelta,
  DesiredObject,
  DesiredState,
  Epoch,
  SignedDigest,
  canonicalJson,
  compareEpochs,
  desiredDigestText,
  formatEpoch,
} from '@isthmus/plugin-gns-common';

/** Why a desired state was not taken; whatever the reason, nothing is changed. */
export type Refusal =
  /** Another hub's, or another cluster's. */
  | 'Foreign'
  /** Older than one that we took. */
  | 'Older'
  /** The same epoch with other contents. */
  | 'Equivocal'
  /** Starts from an epoch that we do not have. */
  | 'WrongBase'
  /** Its digest is not that of what arrived. */
  | 'Cut';

export type Acceptance =
  | {
      taken: true;
      state: DesiredState;
      /** Keys that may need work; absent: all. */
      changed?: Set<string>;
    }
  | { taken: false; reason: Refusal; message: string }
  /** It is what we have. */
  | { taken: false; reason: undefined };

const hashes = new WeakMap<DesiredObject, string>();

/** SHA-256, hex, of an object's canonical JSON; remembered with the object. */
export function hashOfObject(object: DesiredObject): string {
  const known = hashes.get(object);
  if (known) return known;
  const hash = sha256(canonicalJson(object));
  hashes.set(object, hash);
  return hash;
}

/** The digest that the hub signs, of a whole desired state. */
export function digestOf(state: Omit<DesiredState, 'epoch'>): string {
  return sha256(desiredDigestText(state, hashOfObject));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Judges a desired state whose signature by the pinned key was verified
 * (rule 1): takes it only when it names us, is newer than all that we took,
 * and is whole after its delta was applied to what we have.
 */
export function acceptDelta(input: {
  delta: DesiredDelta;
  /** What the hub's key signed. */
  signed: SignedDigest;
  hubId: string;
  clusterId: string;
  current: DesiredState | undefined;
  currentDigest: string | undefined;
  /** The highest epoch ever taken. */
  highest: Epoch;
}): Acceptance {
  const { delta, signed, current } = input;
  const refuse = (reason: Refusal, message: string): Acceptance => ({
    taken: false,
    reason,
    message,
  });
  if (signed.hub !== input.hubId || signed.cluster !== input.clusterId) {
    return refuse(
      'Foreign',
      `The desired state was signed by hub ${signed.hub} for cluster ${signed.cluster}; this is cluster ${input.clusterId} of hub ${input.hubId}`,
    );
  }
  if (
    compareEpochs(signed.epoch, delta.epoch) !== 0 ||
    signed.digest !== delta.digest
  ) {
    return refuse(
      'Foreign',
      `The signature is of epoch ${formatEpoch(
        signed.epoch,
      )}, not of what came with it (${formatEpoch(delta.epoch)})`,
    );
  }
  if (compareEpochs(delta.epoch, input.highest) < 0) {
    return refuse(
      'Older',
      `The hub sent epoch ${formatEpoch(delta.epoch)}, older than ${formatEpoch(
        input.highest,
      )} that this cluster has seen. Was the hub restored from a backup? Confirm it in the portal.`,
    );
  }
  if (current && compareEpochs(delta.epoch, current.epoch) === 0) {
    if (delta.digest === input.currentDigest) {
      return { taken: false, reason: undefined };
    }
    return refuse(
      'Equivocal',
      `The hub sent epoch ${formatEpoch(
        delta.epoch,
      )} twice with different contents`,
    );
  }
  return applyDelta(delta, current, refuse);
}

function applyDelta(
  delta: DesiredDelta,
  current: DesiredState | undefined,
  refuse: (reason: Refusal, message: string) => Acceptance,
): Acceptance {
  const whole = delta.base === null;
  if (
    delta.base !== null &&
    (!current || compareEpochs(delta.base, current.epoch) !== 0)
  ) {
    return refuse(
      'WrongBase',
      `The delta starts from epoch ${formatEpoch(
        delta.base,
      )}; this cluster has ${current ? formatEpoch(current.epoch) : 'none'}`,
    );
  }
  const objects = new Map(whole ? [] : current?.objects);
  const changed = new Set<string>();
  for (const { key } of delta.tombstones) {
    if (objects.delete(key)) changed.add(key);
  }
  for (const key of delta.forgotten) {
    if (objects.delete(key)) changed.add(key);
  }
  for (const object of delta.upserts) {
    objects.set(object.key, object);
    changed.add(object.key);
  }
  const state: DesiredState = {
    epoch: delta.epoch,
    objects,
    tombstones: delta.tombstones,
    settings: delta.settings,
  };
  const digest = digestOf(state);
  if (digest !== delta.digest) {
    return refuse(
      'Cut',
      `Epoch ${formatEpoch(
        delta.epoch,
      )} did not arrive whole: its digest is ${digest.slice(
        0,
        12,
      )}…, the hub signed ${delta.digest.slice(0, 12)}…`,
    );
  }
  return { taken: true, state, ...(whole ? {} : { changed }) };
}
