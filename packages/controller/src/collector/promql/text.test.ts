import { anyOf, labelName, metricName, quoted, selector } from './text';

describe('PromQL text', () => {
  it('quotes values so that they stay one value', () => {
    expect(
      selector('up', [['cluster', '=', 'a"} or vector(1) or up{b="']]),
    ).toBe('up{cluster="a\\"} or vector(1) or up{b=\\""}');
    expect(quoted('a\\"\n\u0007')).toBe('"a\\\\\\"\\n\\u0007"');
    expect(quoted('half \ud800 pair')).toBe('"half \\ufffd pair"');
    expect(quoted('whole \ud83d\ude80')).toBe('"whole \ud83d\ude80"');
  });

  it('takes texts for themselves in regular expressions', () => {
    expect(anyOf(['a.b', 'c|d', '.*'])).toBe('a\\.b|c\\|d|\\.\\*');
  });

  it.each(['', '1a', 'a-b', 'a b', 'a"', 'é', 'a:b'])(
    'refuses %p as name of a label',
    name => {
      expect(() => labelName(name)).toThrow(/no name of a label/);
    },
  );

  it.each(['', '1a', 'a{b="c"}', 'a b'])('refuses %p as metric', name => {
    expect(() => metricName(name)).toThrow(/no name of a metric/);
  });
});
