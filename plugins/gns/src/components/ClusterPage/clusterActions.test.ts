import { clusters } from '../../../dev/fixtures';
import { deedsOf } from './clusterActions';

const [a, , , lab] = clusters;

describe('deedsOf', () => {
  it('one that never came is forgotten, there is nothing to pause', () => {
    expect(deedsOf(lab)).toEqual(['forget']);
  });

  it('offers the way back from what was done', () => {
    expect(deedsOf(a)).toEqual(['pause', 'drain', 'disconnect']);
    expect(deedsOf({ ...a, paused: true, drained: true })).toEqual([
      'resume',
      'undrain',
      'disconnect',
    ]);
  });

  it('one that is gone can be forgotten without being emptied', () => {
    expect(deedsOf({ ...a, freshness: 'unreachable' })).toContain('forget');
    expect(deedsOf({ ...a, freshness: 'stale' })).not.toContain('forget');
  });
});
