import fc from 'fast-check';
import { formatYaml, MAX_DEFINITION_BYTES, parseYaml } from './parseYaml';

jest.setTimeout(60_000);

/** The first problem of a text that must be refused. */
function refusal(text: string) {
  const parsed = parseYaml(text);
  if (parsed.ok) throw new Error(`accepted: ${JSON.stringify(parsed)}`);
  return parsed.problems[0];
}

describe('parseYaml', () => {
  it('reads YAML, several documents, and JSON with tabs and escapes', () => {
    expect(parseYaml('a: 1\n---\nb: [x, "y"]\n---\n')).toEqual({
      ok: true,
      documents: [{ a: 1 }, { b: ['x', 'y'] }],
    });
    expect(parseYaml('{\n\t"a": "\\ud83d\\ude00\\/",\n\t"b": null\n}')).toEqual(
      {
        ok: true,
        documents: [{ a: '😀/', b: null }],
      },
    );
  });

  it('knows only the words of YAML 1.2: yes, dates and 010 are no traps', () => {
    expect(parseYaml('a: yes\nb: 2001-01-01\nc: 010\nd: on')).toEqual({
      ok: true,
      documents: [{ a: 'yes', b: '2001-01-01', c: 10, d: 'on' }],
    });
  });

  it.each([
    ['an anchor', 'a: &x 1\nb: 2', 'yaml-feature', '1:7'],
    ['an alias', 'a: [1]\nb: *x', 'yaml-feature', '2:4'],
    [
      'a billion laughs',
      'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]',
      'yaml-feature',
      '1:7',
    ],
    ['a tag of its own', 'a: !foo 1', 'yaml-feature', '1:9'],
    ['a binary', 'a: !!binary aGk=', 'yaml-feature', '1:13'],
    ['an anchor on a map', 'a: &x { b: 1 }', 'yaml-feature', '1:7'],
    ['a set', '!!set {a}', 'yaml-feature', '1:7'],
    ['a text tag', 'a: !!str 5', 'yaml-feature', '1:10'],
    ['duplicate keys', 'a: 1\nb: 2\na: 3', 'duplicate-key', '3:1'],
    ['duplicate keys inside', 'x: { b: 1, b: 2 }', 'duplicate-key', '1:12'],
    ['duplicates in other quotes', '"a": 1\n\'a\': 2', 'duplicate-key', '2:1'],
    ['duplicates of other types', '1: a\n"1": b', 'duplicate-key', '2:1'],
    ['duplicates in JSON', '{"a":1,"a":1}', 'duplicate-key', '1:8'],
    ['keys that are no text', '? [1, 2]\n: 3', 'yaml-syntax', '1:3'],
    ['an open bracket', 'a: [1', 'yaml-syntax', '1:6'],
    ['two JSON values', '{"a":1}{"b":2}', 'yaml-syntax', '1:1'],
    ['nothing', '', 'empty', ''],
    ['only comments', '# a\n---\n---\n', 'empty', ''],
    ['null', '~', 'empty', ''],
    ['too many documents', '--- a\n'.repeat(101), 'too-many', ''],
    ['40 levels of lists', `${'- '.repeat(40)}a`, 'too-deep', '1:65'],
    ['40 brackets', `${'['.repeat(40)}${']'.repeat(40)}`, 'too-deep', '1:33'],
    [
      '700 levels of maps',
      Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'too-deep',
      '33:33',
    ],
  ])('refuses %s', (_what, text, code, path) => {
    expect(refusal(text)).toMatchObject({
      severity: 'error',
      code,
      path: expect.stringMatching(path === '' ? /^$/ : /^\d+:\d+$/),
      remedy: expect.stringMatching(/\.$/),
      message: expect.stringMatching(/[.…]$/),
    });
    expect(refusal(text).path).toBe(path);
  });

  it('a merge key merges nothing', () => {
    expect(parseYaml('<<: { a: 1 }\nb: 2')).toEqual({
      ok: true,
      documents: [{ '<<': { a: 1 }, b: 2 }],
    });
    expect(parseYaml('%YAML 1.1\n---\n<<: { a: 1 }\nb: yes')).toMatchObject({
      ok: true,
      documents: [{ '<<': { a: 1 }, b: 'yes' }],
    });
  });

  it('__proto__ is a key, not a prototype', () => {
    const parsed = parseYaml('{"__proto__": {"polluted": true}}');
    if (!parsed.ok) throw new Error('refused');
    expect(Object.keys(parsed.documents[0] as object)).toEqual(['__proto__']);
    expect((parsed.documents[0] as { polluted?: boolean }).polluted).toBe(
      undefined,
    );
  });

  it('brackets inside a text are text', () => {
    expect(parseYaml(`a: "${'['.repeat(100)}"`)).toMatchObject({ ok: true });
  });

  it('counts bytes, not characters', () => {
    const text = `a: "${'店'.repeat(MAX_DEFINITION_BYTES / 3)}"`;
    expect(text.length).toBeLessThan(MAX_DEFINITION_BYTES);
    expect(refusal(text)).toMatchObject({
      code: 'too-large',
      message: expect.stringContaining(`${MAX_DEFINITION_BYTES}`),
    });
  });

  it.each([
    ['keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['quotes', '"'.repeat(250_000)],
    ['commas', `[${','.repeat(250_000)}]`],
    ['brackets', '['.repeat(250_000)],
    ['question marks', '? '.repeat(125_000)],
    ['dashes', '- '.repeat(125_000)],
    ['anchors', '&a '.repeat(80_000)],
    ['errors', 'a: ]\n'.repeat(50_000)],
  ])('256 KiB of %s do not stop the process', (_what, text) => {
    const start = process.cpuUsage();
    parseYaml(text);
    const { user, system } = process.cpuUsage(start);
    // Seconds with the parser's own checks; about half a second with ours.
    expect((user + system) / 1e6).toBeLessThan(5);
  });

  it('whatever the text, it answers and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc
            .array(
              fc.constantFrom(
                ...'{}[]:,-?&*!|>\'"%@`# \n\t',
                'a',
                '<<',
                '---\n',
              ),
              { maxLength: 60 },
            )
            .map(parts => parts.join('')),
        ),
        text => {
          expect([true, false]).toContain(parseYaml(text).ok);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('formatYaml', () => {
  it('writes what parseYaml reads back', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.dictionary(
          name,
          fc.oneof(
            fc.string({ unit: 'binary', maxLength: 20 }),
            fc.integer(),
            fc.boolean(),
            fc.array(name),
          ),
          { minKeys: 1 },
        ),
        value => {
          expect(parseYaml(formatYaml(value))).toEqual({
            ok: true,
            documents: [value],
          });
        },
      ),
      { numRuns: 200 },
    );
  });
});
