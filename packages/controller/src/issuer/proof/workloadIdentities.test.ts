import { AuthoritySettings } from '@isthmus/plugin-gns-common';
import { PodRecord } from '../../inventory/readPod';
import { Held } from '../journal/IssuedRecords';
import { workloadIdentities } from './workloadIdentities';

type NamespaceSettings = AuthoritySettings['namespaces'][number];

const ROOT = 'ab'.repeat(20);

function pod(uid: string, ourCa: boolean, more: Partial<PodRecord> = {}) {
  return {
    uid,
    running: true,
    startedAt: Date.parse('2026-11-01T00:00:00Z'),
    template: {
      sidecar: true,
      ourCa,
      workload: { kind: 'Deployment', name: 'web' },
    },
    ...more,
  } as unknown as PodRecord;
}

const held = (phase: NamespaceSettings['phase']) =>
  ({ gns: 'shop', phase, bundleEpoch: 3, rootKeyId: ROOT } as Held);

function count(
  phase: NamespaceSettings['phase'],
  pods: PodRecord[],
  more: Partial<NamespaceSettings> = {},
) {
  return workloadIdentities({
    gns: 'shop',
    namespaces: [{ name: 'web', phase, step: 1, ...more }],
    podsOf: () => pods,
    heldBy: uid => (uid.startsWith('known') ? held(phase) : undefined),
    isRestarting: () => false,
  });
}

describe('workloadIdentities', () => {
  it('tells pods that wait, that nobody knows of, and what the others hold', () => {
    const pods = [
      pod('known-1', true),
      pod('known-2', true),
      pod('new', true),
      pod('old', false),
      pod('ended', true, { running: false }),
    ];
    expect(count('dual', pods)).toEqual([
      {
        namespace: 'web',
        kind: 'Deployment',
        name: 'web',
        pods: 4,
        awaitingRestart: 1,
        unknown: 1,
        restarting: false,
        held: [{ phase: 'dual', bundleEpoch: 3, leafRoot: ROOT, pods: 2 }],
      },
    ]);
  });

  it('counts in release who still has our set-up, and nobody who was restarted since', () => {
    expect(
      count('release', [pod('known-1', true), pod('free', false)]),
    ).toMatchObject([{ pods: 1, awaitingRestart: 1, unknown: 0, held: [] }]);
    expect(count('release', [pod('free', false)])).toEqual([]);
  });

  it('counts a pod that the hub wants restarted, whatever its set-up', () => {
    expect(
      count('release', [pod('free', false)], {
        restartStartedBefore: '2026-11-02T00:00:00Z',
      }),
    ).toMatchObject([{ pods: 1, awaitingRestart: 1 }]);
  });
});
