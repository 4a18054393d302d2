import { parseDefinition, sloFromTemplate } from '@isthmus/plugin-gns-common';
import { freshObjective, withIndicator, withMethod } from './objectiveEdits';

const AVAILABLE = {
  name: 'available',
  target: 99.9,
  indicator: { type: 'availability' },
};

function errors(spec: object) {
  const made = sloFromTemplate('webApi', {
    gns: 'shop',
    name: 'checkout',
    services: ['checkout'],
  });
  const parsed = parseDefinition({ ...made, spec: { ...made.spec, ...spec } });
  return parsed.ok ? [] : parsed.problems.map(one => one.message);
}

describe('edits of objectives', () => {
  it('an indicator brings what it needs and takes what it does not', () => {
    const fast = withIndicator(AVAILABLE, 'latency', false);
    expect(fast.indicator).toEqual({ type: 'latency', threshold: '500ms' });
    expect(withIndicator(fast, 'availability', false)).toEqual(AVAILABLE);
    expect(withIndicator(fast, 'availabilityAndLatency', false)).toMatchObject({
      indicator: { threshold: '500ms' },
    });
  });

  it('another method leaves a definition that is right', () => {
    const slices = withMethod(
      [AVAILABLE, withIndicator(AVAILABLE, 'latency', false)].map((one, i) => ({
        ...one,
        name: `o-${i}`,
      })),
      true,
    );
    const method = { type: 'timeSlices' };
    expect(errors({ method, objectives: slices })).toEqual([]);
    const floor = withIndicator({ ...AVAILABLE }, 'throughput', true);
    expect(errors({ method, objectives: [floor] })).toEqual([]);
    expect(errors({ objectives: withMethod([floor], false) })).toEqual([]);
    expect(errors({ objectives: withMethod(slices, false) })).toEqual([]);
  });

  it('one more has a name that is free, and is right', () => {
    let objectives: Record<string, unknown>[] = [];
    for (let i = 0; i < 6; i += 1) {
      objectives = [...objectives, freshObjective(objectives, false)];
    }
    expect(new Set(objectives.map(one => one.name)).size).toBe(6);
    expect(errors({ objectives })).toEqual([]);
  });
});
