import { DEFAULT_COMPOSITION_OPTIONS, compose } from '../composition';
import { gnsOf } from '../composition/testFixtures';
import { composeIsolated } from './composeIsolated';

const input = {
  definitions: [gnsOf('good', {}), gnsOf('bad', {}, 2)],
  clusters: [],
  approvals: { approved: new Set<string>(), refused: new Set<string>() },
  addresses: new Map<string, string>(),
  served: new Set<string>(),
  weights: new Map<string, number>(),
  options: DEFAULT_COMPOSITION_OPTIONS,
};

describe('composeIsolated', () => {
  it('a global namespace that throws stops no other', () => {
    const { result, broken } = composeIsolated(given => {
      if (given.definitions.some(d => d.definition.metadata.name === 'bad')) {
        throw new Error('no');
      }
      return compose(given);
    }, input);
    expect([...result.globalNamespaces.keys()]).toEqual(['good']);
    expect([...broken]).toEqual([['bad', new Error('no')]]);
  });

  it('what throws in combination only is not blamed on one', () => {
    expect(() =>
      composeIsolated(given => {
        if (given.definitions.length > 1) throw new Error('together');
        return compose(given);
      }, input),
    ).toThrow('together');
  });
});
