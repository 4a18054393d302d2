import fc from 'fast-check';
import { DesiredDelta, SignedDigest } from '@isthmus/plugin-gns-common';
import { serviceEntry, tombstone } from '../__testUtils__/desiredObjects';
import { stateOf } from '../__testUtils__/FakeHub';
import { acceptDelta, digestOf } from './acceptDelta';

const [a, b, c] = ['a', 'b', 'c'].map(name => serviceEntry(name));
const at = (n: number, term = 1) => ({ term, n });
const current = stateOf({ epoch: at(5), objects: [a, b] });

function deltaTo(
  next: ReturnType<typeof stateOf>,
  part: Partial<DesiredDelta> = {},
): DesiredDelta {
  return {
    epoch: next.epoch,
    base: null,
    upserts: [...next.objects.values()],
    tombstones: [...next.tombstones],
    forgotten: [],
    settings: next.settings,
    digest: digestOf(next),
    signature: '',
    ...part,
  };
}

function accept(
  delta: DesiredDelta,
  over: Partial<Parameters<typeof acceptDelta>[0]> = {},
  signed: Partial<SignedDigest> = {},
) {
  return acceptDelta({
    delta,
    signed: {
      hub: 'hub',
      cluster: 'east',
      epoch: delta.epoch,
      digest: delta.digest,
      iat: 0,
      ...signed,
    },
    hubId: 'hub',
    clusterId: 'east',
    current,
    currentDigest: digestOf(current),
    highest: at(5),
    ...over,
  });
}

describe('a desired state', () => {
  const next = stateOf({
    epoch: at(6),
    objects: [a, c],
    tombstones: [tombstone(b)],
  });

  it('that is whole is taken as it is', () => {
    expect(accept(deltaTo(next))).toEqual({
      taken: true,
      state: next,
      changed: undefined,
    });
  });

  it('that comes as a delta is added to what is there', () => {
    const verdict = accept(deltaTo(next, { base: at(5), upserts: [c] }));
    expect(verdict).toMatchObject({ taken: true });
    expect(verdict.taken && [...verdict.state.objects.keys()]).toEqual([
      a.key,
      c.key,
    ]);
    expect(verdict.taken && [...(verdict.changed ?? [])].sort()).toEqual([
      b.key,
      c.key,
    ]);
  });

  it('forgets what it is told to forget', () => {
    const smaller = stateOf({ epoch: at(6), objects: [a] });
    const verdict = accept(
      deltaTo(smaller, { base: at(5), upserts: [], forgotten: [b.key] }),
    );
    expect(verdict).toMatchObject({ taken: true, state: smaller });
  });

  it('of a higher term is newer, whatever its number', () => {
    const confirmed = stateOf({ epoch: at(1, 2), objects: [a] });
    expect(accept(deltaTo(confirmed))).toMatchObject({ taken: true });
  });

  it.each([
    ['Foreign', () => accept(deltaTo(next), {}, { hub: 'other' })],
    ['Foreign', () => accept(deltaTo(next), {}, { cluster: 'west' })],
    ['Foreign', () => accept(deltaTo(next), {}, { epoch: at(7) })],
    ['Foreign', () => accept(deltaTo(next), {}, { digest: digestOf(current) })],
    ['Older', () => accept(deltaTo({ ...next, epoch: at(4) }))],
    ['Older', () => accept(deltaTo(next), { highest: at(7) })],
    ['Older', () => accept(deltaTo({ ...next, epoch: at(99, 0) }))],
    ['Equivocal', () => accept(deltaTo({ ...next, epoch: at(5) }))],
    ['WrongBase', () => accept(deltaTo(next, { base: at(4), upserts: [c] }))],
    [
      'WrongBase',
      () => accept(deltaTo(next, { base: at(5) }), { current: undefined }),
    ],
    ['Cut', () => accept(deltaTo(next, { upserts: [a] }))],
    ['Cut', () => accept(deltaTo(next, { tombstones: [] }))],
    ['Cut', () => accept(deltaTo(next, { upserts: [a, b, c] }))],
    [
      'Cut',
      () =>
        accept(
          deltaTo(next, { settings: { ...next.settings, paused: ['shop'] } }),
        ),
    ],
  ])('is refused as %s', (reason, judge) => {
    expect(judge()).toMatchObject({ taken: false, reason });
  });

  it('that is the current one again is neither taken nor refused', () => {
    expect(accept(deltaTo(current))).toEqual({
      taken: false,
      reason: undefined,
    });
  });

  it('with the highest epoch is taken when the kept state was lost', () => {
    expect(
      accept(deltaTo({ ...next, epoch: at(5) }), {
        current: undefined,
        currentDigest: undefined,
      }),
    ).toMatchObject({ taken: true });
  });

  it('is never taken when any part of it was changed on the way', () => {
    const honest = deltaTo(next);
    const names = fc.stringMatching(/^[a-z]{1,8}$/);
    const lies = fc.oneof(
      fc.record({ upserts: fc.subarray(honest.upserts, { maxLength: 1 }) }),
      names.map(name => ({
        upserts: [...honest.upserts, serviceEntry(`x${name}`)],
      })),
      names.map(name => ({
        tombstones: [...honest.tombstones, tombstone(serviceEntry(name))],
      })),
      names.map(name => ({
        settings: { ...honest.settings, members: { shop: [name] } },
      })),
      fc.ipV4().map(address => ({
        upserts: [a, serviceEntry('c', { endpoints: [{ address }] })],
      })),
    );
    fc.assert(
      fc.property(lies, lie => {
        fc.pre(
          JSON.stringify({ ...honest, ...lie }) !== JSON.stringify(honest),
        );
        expect(accept({ ...honest, ...lie })).toMatchObject({ taken: false });
      }),
    );
  });
});
