import type { GnsTranslate } from './useGnsTranslation';

describe('the types of texts', () => {
  const t = ((key: string) => key) as unknown as GnsTranslate;

  it('refuse a key that is not there, and a placeholder or a count that is missing or foreign', () => {
    const texts: string[] = [
      t('page.title'),
      t('page.openPage', { name: 'Isthmus' }),
      t('review.more', { count: 2 }),
      // @ts-expect-error there is no such key
      t('page.nothing'),
      // @ts-expect-error the name is missing
      t('page.openPage'),
      // @ts-expect-error the name has another name
      t('page.openPage', { title: 'Isthmus' }),
      // @ts-expect-error the count is missing
      t('review.more'),
      // @ts-expect-error a count is a number
      t('review.more', { count: '2' }),
      // @ts-expect-error the form is chosen by the count
      t('review.more_one', { count: 1 }),
    ];
    expect(texts).toHaveLength(9);
  });
});
