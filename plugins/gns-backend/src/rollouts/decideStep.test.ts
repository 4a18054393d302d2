import fc from 'fast-check';
import type { Condition, RolloutStop } from '@isthmus/plugin-gns-common';
import { actionsOf, decideAction } from './decideAction';
import {
  beginWave,
  decideStep,
  nextLook,
  stoppingConditions,
} from './decideStep';
import type { RolloutRecord, RolloutSituation } from './types';

const START = Date.parse('2026-11-25T10:00:00.000Z');
const at = (seconds: number) => START + seconds * 1000;
const iso = (seconds: number) => new Date(at(seconds)).toISOString();

function rolloutOf(over: Partial<RolloutRecord> = {}): RolloutRecord {
  const wave = (id: string, soakSeconds: number) => ({
    clusters: [{ id, name: `name-${id}` }],
    soakSeconds,
    state: 'waiting' as const,
  });
  return {
    id: 'r1',
    gns: 'shop',
    ref: 'GlobalNamespace:shop',
    change: 'update',
    state: 'running',
    version: 1,
    message: '',
    createdBy: 'user:default/jo',
    createdAt: iso(0),
    endedAt: undefined,
    former: undefined,
    targetGeneration: 2,
    backGeneration: undefined,
    stopOn: { conditions: 'error', minimumCalls: 100, applyTimeoutSeconds: 60 },
    waves: [beginWave(wave('a', 30), iso(0)), wave('b', 0)],
    wave: 0,
    stop: undefined,
    plan: undefined,
    losses: [],
    accepted: [],
    known: [],
    hosts: [],
    ...over,
  };
}

const situation = (over: Partial<RolloutSituation> = {}): RolloutSituation => ({
  progress: new Map([
    ['a', 'sending'],
    ['b', 'applied'],
  ]),
  conditions: [],
  errors: { state: 'unknown', reason: 'not measured' },
  broken: undefined,
  generation: 2,
  now: at(1),
  ...over,
});
const applied: RolloutSituation['progress'] = new Map([
  ['a', 'applied'],
  ['b', 'applied'],
]);
const condition = (over: Partial<Condition> = {}): Condition => ({
  type: 'Applied',
  status: 'False',
  severity: 'error',
  reason: 'Failed',
  message: 'The API server says no.',
  gns: 'shop',
  cluster: 'name-a',
  ...over,
});

describe('decideStep', () => {
  it('waits for every cluster of the wave, watches, and begins the next', () => {
    let rollout = rolloutOf();
    expect(decideStep(rollout, situation())).toBeUndefined();
    const done = decideStep(rollout, situation({ progress: applied }))!;
    expect(done.event).toMatchObject({ kind: 'waveApplied', wave: 0 });
    rollout = done.next;
    expect(rollout.waves[0]).toMatchObject({
      state: 'soaking',
      appliedAt: iso(1),
      soakUntil: iso(31),
    });
    expect(nextLook(rollout)).toBe(at(31));
    const early = situation({ progress: applied, now: at(30) });
    expect(decideStep(rollout, early)).toBeUndefined();
    const step = decideStep(
      rollout,
      situation({ progress: applied, now: at(31) }),
    )!;
    expect(step.event).toMatchObject({ kind: 'waveStarted', wave: 1 });
    rollout = step.next;
    expect(rollout.waves.map(w => w.state)).toEqual(['done', 'applying']);
    const last = situation({ progress: applied, now: at(32) });
    rollout = decideStep(rollout, last)!.next;
    rollout = decideStep(rollout, last)!.next;
    expect(rollout).toMatchObject({ state: 'done', endedAt: iso(32) });
    expect(decideStep(rollout, last)).toBeUndefined();
  });

  it('a cluster that was forgotten keeps nobody waiting', () => {
    expect(
      decideStep(rolloutOf(), situation({ progress: new Map() }))?.event.kind,
    ).toBe('waveApplied');
  });

  it('stops on a new condition where the turn has come, and on no other', () => {
    const kinds = (c: Condition, over: Partial<RolloutRecord> = {}) =>
      decideStep(rolloutOf(over), situation({ conditions: [c] }))?.event.kind;
    expect(kinds(condition())).toBe('stopped');
    expect(kinds(condition({ cluster: undefined }))).toBe('stopped');
    expect(kinds(condition({ cluster: 'name-b' }))).toBeUndefined();
    expect(kinds(condition({ gns: 'pay' }))).toBeUndefined();
    expect(kinds(condition({ severity: 'warning' }))).toBeUndefined();
    expect(kinds(condition({ status: 'True' }))).toBeUndefined();
    const stopOn = rolloutOf().stopOn;
    expect(
      kinds(condition({ severity: 'warning' }), {
        stopOn: { ...stopOn, conditions: 'warning' },
      }),
    ).toBe('stopped');
    expect(
      kinds(condition(), { stopOn: { ...stopOn, conditions: 'none' } }),
    ).toBeUndefined();
  });

  it('a condition stops it while it soaks too, and says why', () => {
    const soaking = decideStep(
      rolloutOf(),
      situation({ progress: applied }),
    )!.next;
    const step = decideStep(
      soaking,
      situation({ progress: applied, conditions: [condition()] }),
    )!;
    expect(step.next).toMatchObject({
      state: 'stopped',
      stop: { reason: { kind: 'conditions' } },
    });
    expect(step.event.message).toContain('The API server says no.');
    expect(decideStep(step.next, situation())).toBeUndefined();
  });

  it('stops on errors of the services concerned, when there are enough calls', () => {
    const limit: RolloutStop = { ...rolloutOf().stopOn, errorShare: 0.05 };
    const kind = (calls: number, errors: number, stopOn = limit) =>
      decideStep(
        rolloutOf({ stopOn }),
        situation({
          errors: { state: 'known', calls, errors, dataAt: iso(1) },
        }),
      )?.event;
    expect(kind(1000, 51)).toMatchObject({
      kind: 'stopped',
      message:
        '5 % of 1000 calls to the services concerned failed; the limit is 5 %.',
    });
    expect(kind(1000, 50)).toBeUndefined();
    expect(kind(99, 99)).toBeUndefined();
    expect(kind(1000, 1000, rolloutOf().stopOn)).toBeUndefined();
  });

  it('unknown errors never stop it', () => {
    const stopOn = { ...rolloutOf().stopOn, errorShare: 0.01 };
    expect(decideStep(rolloutOf({ stopOn }), situation())).toBeUndefined();
  });

  it('stops when a cluster does not apply its part in time', () => {
    const late = decideStep(rolloutOf(), situation({ now: at(60) }))!;
    expect(late.next.stop?.reason).toEqual({
      kind: 'notApplied',
      clusters: ['name-a'],
      seconds: 60,
    });
    expect(
      decideStep(rolloutOf(), situation({ now: at(59.9) })),
    ).toBeUndefined();
  });

  it('stops when the global namespace cannot be composed', () => {
    const step = decideStep(rolloutOf(), situation({ broken: 'boom' }))!;
    expect(step.next.stop?.reason).toEqual({
      kind: 'compositionFailed',
      message: 'boom',
    });
  });

  it('has gone back once every cluster that had turned applied it', () => {
    const back = rolloutOf({ state: 'goingBack', backGeneration: 3 });
    expect(decideStep(back, situation({ generation: 3 }))).toBeUndefined();
    expect(
      decideStep(back, situation({ generation: 3, progress: applied }))?.next,
    ).toMatchObject({ state: 'wentBack', endedAt: iso(1) });
    // Written again meanwhile: what is in force is somebody else's now.
    expect(decideStep(back, situation({ generation: 4 }))?.event.kind).toBe(
      'wentBack',
    );
  });
});

describe('decideAction', () => {
  const by = { actor: 'user:default/jo', reason: 'why', now: at(100) };

  it('takes each decision only where it makes sense', () => {
    const open = { pause: false, resume: true, advance: true, back: true };
    expect(actionsOf({ state: 'running' })).toEqual({
      ...open,
      pause: true,
      resume: false,
    });
    expect(actionsOf({ state: 'stopped' })).toEqual(open);
    expect(actionsOf({ state: 'done' })).toEqual({
      pause: false,
      resume: false,
      advance: false,
      back: false,
    });
    expect(() =>
      decideAction(rolloutOf({ state: 'done' }), 'back', by),
    ).toThrow('it cannot go back now');
    expect(() => decideAction(rolloutOf(), 'resume', by)).toThrow('running');
  });

  it('whoever lets it go on after a condition has seen that one', () => {
    const stopped = decideStep(
      rolloutOf(),
      situation({ conditions: [condition()] }),
    )!.next;
    const { next, event } = decideAction(stopped, 'resume', by);
    expect(event).toMatchObject({ kind: 'resumed', message: 'why' });
    expect(next).toMatchObject({ state: 'running', stop: undefined });
    expect(stoppingConditions(next, [condition()])).toEqual([]);
    expect(
      stoppingConditions(next, [condition({ type: 'HasEndpoints' })]),
    ).toHaveLength(1);
    // Time to apply counts from now.
    expect(nextLook(next)).toBe(at(160));
  });

  it('begins the next wave at once, and ends with the last one', () => {
    const { next } = decideAction(rolloutOf(), 'advance', by);
    expect(next).toMatchObject({ state: 'running', wave: 1 });
    expect(next.waves[1]).toMatchObject({ startedAt: iso(100) });
    expect(decideAction(next, 'advance', by).next.state).toBe('done');
  });

  it('goes back with what that wrote and takes away', () => {
    const losses = [{ clusterId: 'a', key: 'k', gns: 'shop' }];
    const { next } = decideAction(rolloutOf(), 'back', {
      ...by,
      backGeneration: 3,
      losses,
    });
    expect(next).toMatchObject({
      state: 'goingBack',
      backGeneration: 3,
      losses,
    });
  });
});

describe('for any course of events', () => {
  const progress = fc.constantFrom<'applied' | 'sending' | 'troubled' | 'held'>(
    'applied',
    'sending',
    'troubled',
    'held',
  );
  const step = fc.record({
    a: progress,
    b: progress,
    seconds: fc.integer({ min: 0, max: 120 }),
    trouble: fc.boolean(),
    action: fc.option(
      fc.constantFrom<'pause' | 'resume' | 'advance' | 'back'>(
        'pause',
        'resume',
        'advance',
        'back',
      ),
      { nil: undefined, freq: 4 },
    ),
  });

  it('waves begin in order, nothing turns while it is paused or stopped, and what is over stays over', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), steps => {
        let rollout = rolloutOf();
        let now = at(0);
        for (const { a, b, seconds, trouble, action } of steps) {
          const before = rollout;
          now += seconds * 1000;
          const decided = action && actionsOf(rollout)[action];
          const taken = decided
            ? decideAction(rollout, action, {
                actor: 'user:default/jo',
                reason: '',
                now,
                backGeneration: 2,
              })
            : decideStep(
                rollout,
                situation({
                  progress: new Map([
                    ['a', a],
                    ['b', b],
                  ]),
                  conditions: trouble ? [condition()] : [],
                  now,
                }),
              );
          if (!taken) continue;
          rollout = taken.next;
          const [first, second] = rollout.waves.map(w => w.state);
          const began =
            second === 'applying' && before.waves[1].state === 'waiting';
          const byPerson = action === 'advance' && decided;
          const over = rollout.state === 'done' || rollout.state === 'wentBack';
          expect({
            inOrder: second === 'waiting' || first === 'done',
            allowed: !began || before.state === 'running' || byPerson,
            staysOver: !before.endedAt || rollout === before,
            ended: rollout.endedAt !== undefined,
            stopped: rollout.stop !== undefined,
          }).toEqual({
            inOrder: true,
            allowed: true,
            staysOver: true,
            ended: over,
            stopped: rollout.state === 'stopped',
          });
        }
      }),
    );
  });
});
