import { type Condition } from '@isthmus/plugin-gns-common';
import { conditionPlace, openConditions } from './sortConditions';

const condition = (parts: Partial<Condition>): Condition => ({
  type: 'Applied',
  status: 'False',
  severity: 'info',
  reason: 'Because',
  message: 'because',
  ...parts,
});

describe('openConditions', () => {
  it('leaves out what is true and puts the worst and newest first', () => {
    const list = openConditions([
      condition({ type: 'A' }),
      condition({
        type: 'B',
        severity: 'error',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      }),
      condition({
        type: 'C',
        severity: 'error',
        lastTransitionTime: '2026-02-01T00:00:00Z',
      }),
      condition({ type: 'D', severity: 'error', status: 'True' }),
      condition({ type: 'E', severity: 'warning', status: 'Unknown' }),
    ]);
    expect(list.map(one => one.type)).toEqual(['C', 'B', 'E', 'A']);
  });
});

describe('conditionPlace', () => {
  it('names the parts that are known', () => {
    expect(conditionPlace(condition({ cluster: 'a', service: 'cart' }))).toBe(
      'a / cart',
    );
    expect(conditionPlace(condition({}))).toBe('');
  });
});
