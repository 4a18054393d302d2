import {
  concerns,
  FAST_POLL_MS,
  pollDelay,
  SLOW_POLL_MS,
} from './refreshPolicy';

describe('concerns', () => {
  it('a signal without names concerns every global namespace', () => {
    expect(
      concerns({ changed: ['status'] }, { topics: ['status'], gns: 'shop' }),
    ).toBe(true);
  });

  it('a signal about another global namespace is not ours', () => {
    expect(
      concerns(
        { changed: ['status'], gns: ['bank'] },
        { topics: ['status'], gns: 'shop' },
      ),
    ).toBe(false);
  });

  it('a signal about another topic is not ours', () => {
    expect(
      concerns({ changed: ['holds'] }, { topics: ['status', 'clusters'] }),
    ).toBe(false);
  });
});

describe('pollDelay', () => {
  it('is short without signals and while signals miss changes', () => {
    expect(pollDelay({ signalsInstalled: false, missedChange: false })).toBe(
      FAST_POLL_MS,
    );
    expect(pollDelay({ signalsInstalled: true, missedChange: true })).toBe(
      FAST_POLL_MS,
    );
  });

  it('is long while signals work', () => {
    expect(pollDelay({ signalsInstalled: true, missedChange: false })).toBe(
      SLOW_POLL_MS,
    );
  });
});
