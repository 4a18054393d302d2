import { sameExceptTimes } from './sameExceptTimes';

describe('sameExceptTimes', () => {
  it('takes two answers that differ in their age only for the same', () => {
    expect(
      sameExceptTimes(
        { items: [{ name: 'eu', dataAt: '1' }], generatedAt: '1' },
        { items: [{ name: 'eu', dataAt: '2' }], generatedAt: '2' },
      ),
    ).toBe(true);
  });

  it('sees any other difference', () => {
    expect(sameExceptTimes({ health: 'healthy' }, { health: 'failing' })).toBe(
      false,
    );
  });
});
