import { readAnswer } from './readAnswer';

const GRID = { from: 1_000_020, to: 1_000_140, step: 60 };
const matrix = (...result: unknown[]) =>
  JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
const series = (...values: unknown[]) => ({ metric: { a: 'b' }, values });

describe('readAnswer', () => {
  it('reads series on the grid that was asked for', () => {
    expect(
      readAnswer(matrix(series([1_000_020, '1'], [1_000_140, '1e+06'])), GRID),
    ).toEqual([
      { labels: { a: 'b' }, times: [1_000_020, 1_000_140], values: [1, 1e6] },
    ]);
  });

  it.each(['NaN', '+Inf', '-Inf', 'Inf'])('takes %s for no number', text => {
    const [{ values }] = readAnswer(
      matrix(series([1_000_020, text], [1_000_080, '2'])),
      GRID,
    );
    expect(values).toEqual([NaN, 2]);
  });

  it.each<[string, string, RegExp]>([
    [
      'a series twice',
      matrix(series([1_000_020, '1']), series([1_000_020, '1'])),
      /stands twice/,
    ],
    [
      'a sample of the past',
      matrix(series([1_000_019, '1'])),
      /was not asked for/,
    ],
    [
      'a sample of the future',
      matrix(series([1_000_200, '1'])),
      /was not asked for/,
    ],
    [
      'a sample between two times',
      matrix(series([1_000_050, '1'])),
      /was not asked for/,
    ],
    [
      'two samples of one time',
      matrix(series([1_000_020, '1'], [1_000_020, '2'])),
      /two samples/,
    ],
    [
      'samples that run backwards',
      matrix(series([1_000_080, '1'], [1_000_020, '2'])),
      /runs backwards/,
    ],
    [
      'a number for text',
      matrix(series([1_000_020, 1])),
      /no \[time, "value"\]/,
    ],
    [
      'text that is no number',
      matrix(series([1_000_020, 'many'])),
      /is no number/,
    ],
    ['an empty text', matrix(series([1_000_020, ''])), /is no number/],
    [
      'a time that is text',
      matrix(series(['1000020', '1'])),
      /no \[time, "value"\]/,
    ],
    [
      'a label that is no text',
      matrix({ metric: { a: 1 }, values: [] }),
      /map of labels/,
    ],
    ['no labels', matrix({ values: [] }), /map of labels/],
    ['no values', matrix({ metric: {} }), /has no values/],
    [
      'a native histogram',
      matrix({ metric: {}, histograms: [] }),
      /has no values/,
    ],
    ['null for a series', matrix(null), /map of labels/],
    [
      'a scalar',
      '{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}',
      /resultType/,
    ],
    ['no data', '{"status":"success"}', /data/],
    ['another status', '{"status":"great"}', /status/],
    ['a list', '[]', /Prometheus' API/],
    ['null', 'null', /Prometheus' API/],
  ])('does not believe %s', (_what, text, message) => {
    expect(() => readAnswer(text, GRID)).toThrow(message);
  });
});
