import fc from 'fast-check';
import { complete } from './complete';
import { answer, matches } from './evaluate';
import { OPERANDS, type Subject } from './operands';
import { parseQuery, type Query } from './parse';
import { edgeOf, nodeOf, UNKNOWN } from './testSubjects';
import { quoteValue, tokenize } from './tokens';

const parsed = (text: string): Query => {
  const { query, problem } = parseQuery(text);
  if (!query) throw new Error(problem?.reason ?? 'nothing');
  return query;
};
const problem = (text: string) => parseQuery(text).problem;
const node = (part: Parameters<typeof nodeOf>[0] = {}): Subject => ({
  type: 'node',
  node: nodeOf(part),
});
const says = (text: string, subject: Subject) => answer(parsed(text), subject);

const busy = node({
  inbound: {
    ...UNKNOWN,
    requests: 12,
    errorShare: 0.02,
    latencyMs: { ...UNKNOWN.latencyMs, p95: 340 },
    known: 1,
  },
});

describe('a question', () => {
  it.each([
    ['cart', true],
    ['CAR', true],
    ['payments', false],
    ['name = cart', true],
    ['name = car', false],
    ['name startswith ca', true],
    ['name endswith "rt"', true],
    ['cluster != us', true],
    ['rps > 10', true],
    ['rps >= 0.012k', true],
    ['errors > 1%', true],
    ['errors > 5', false],
    ['p95 < 0.5s', true],
    ['p95 < 300ms', false],
    ['unhealthy', false],
    ['NOT unhealthy', true],
    ['!unhealthy cluster=eu', true],
    ['cluster = us OR cluster = eu AND namespace = other', false],
    ['(cluster = us OR cluster = eu) AND namespace = shop-api', true],
    ['NOT (cluster = us OR name = cart)', false],
    ['cluster=eu && !(name=cart || name=orders)', false],
  ])('%s', (text, expected) => {
    expect(says(text, busy)).toBe(expected);
  });

  it('takes the unknown neither for zero nor for its opposite', () => {
    const silent = node({ idle: null });
    for (const text of ['errors < 1%', 'errors >= 1%', 'rps = 0', 'idle']) {
      expect(matches(parsed(text), silent)).toBe(false);
      expect(matches(parsed(`NOT ${text}`), silent)).toBe(false);
    }
    expect(says('idle OR cluster = eu', silent)).toBe(true);
    expect(says('idle AND cluster = us', silent)).toBe(false);
  });

  it('about calls says nothing of services, and the other way round', () => {
    const call = edgeOf({ protocol: 'grpc', crossCluster: true });
    expect(says('protocol = grpc crosscluster', call)).toBe(true);
    expect(says('from = front AND to = cart', call)).toBe(true);
    expect(says('protocol = grpc', busy)).toBeUndefined();
    expect(says('cluster = eu', call)).toBeUndefined();
    expect(says('NOT cluster = eu', call)).toBeUndefined();
  });

  it('that is empty asks nothing', () => {
    expect(parseQuery('  ')).toEqual({});
  });

  it.each([
    ['nme = cart', 'unknownOperand', 0],
    ['name', 'needsComparator', 4],
    ['name =', 'needsValue', 6],
    ['rps > many', 'needsNumber', 6],
    ['p95 > 3%', 'needsNumber', 6],
    ['rps contains 1', 'wrongComparator', 4],
    ['name > a', 'wrongComparator', 5],
    ['(name = a', 'needsClosing', 9],
    ['name = a)', 'unexpected', 8],
    ['AND name = a', 'needsOperand', 0],
    ['name = a OR', 'needsOperand', 11],
    ['name = "a', 'needsQuote', 7],
    ['idle = yes', 'wrongComparator', 5],
  ])('%s is refused where it is wrong', (text, reason, from) => {
    expect(problem(text)).toMatchObject({ reason, from });
  });

  it('of any depth is answered or refused, never thrown', () => {
    expect(problem(`${'('.repeat(10_000)}a`)).toMatchObject({
      reason: 'tooDeep',
    });
    expect(problem(`${'!'.repeat(10_000)}a`)).toMatchObject({
      reason: 'tooDeep',
    });
    const words = fc.constantFrom(
      ...OPERANDS.map(one => one.name),
      ...['(', ')', '=', '>', 'AND', 'or', '!', '"x y"', '5%', 'abc', '\\'],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), list => {
        const { query } = parseQuery(list.join(' '));
        if (query) matches(query, busy);
      }),
    );
    fc.assert(fc.property(fc.string(), text => void parseQuery(text)));
  });

  it('reads back every value that it quotes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), value => {
        const [token, ...others] = tokenize(quoteValue(value)).tokens;
        expect(others).toEqual([]);
        expect(token.text).toBe(value);
      }),
    );
  });
});

describe('completion', () => {
  const subjects: Subject[] = [
    node(),
    node({ cluster: 'us east', label: 'orders' }),
  ];
  const offered = (text: string) =>
    complete(text, text.length, subjects).options.map(one => one.text);

  it('offers operands first', () => {
    expect(offered('')).toEqual(
      expect.arrayContaining(['name', 'errors', 'idle', 'NOT', '(']),
    );
    expect(offered('cl')).toEqual(['cluster', 'clienterrors']);
  });

  it('offers the comparators that fit', () => {
    expect(offered('cluster ')).toEqual([
      '=',
      '!=',
      'contains',
      'startswith',
      'endswith',
    ]);
    expect(offered('p95 ')).toContain('>=');
    expect(offered('p95 ')).not.toContain('contains');
  });

  it('offers values that the graph has, quoted where they must be', () => {
    expect(offered('cluster = ')).toEqual(['eu', '"us east"']);
    expect(offered('cluster = us')).toEqual(['"us east"']);
    expect(offered('p95 > ')).toContain('500ms');
  });

  it('offers joints after a comparison, and to close what is open', () => {
    expect(offered('(cluster = eu ')).toEqual(['AND', 'OR', ')']);
    expect(offered('idle ')).toEqual(['AND', 'OR']);
    expect(offered('cluster = eu AND ')).toContain('name');
  });

  it('replaces what is being typed', () => {
    expect(complete('cluster = eu', 4, subjects)).toMatchObject({
      from: 0,
      to: 4,
      options: [{ text: 'cluster', kind: 'operand' }],
    });
  });

  it('gives questions that can be read, whatever is chosen', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), choices => {
        let text = '';
        for (const choice of choices) {
          const { options } = complete(text, text.length, subjects);
          if (options.length === 0) break;
          text += `${options[choice % options.length].text} `;
        }
        // Only what is not finished yet may be missing.
        expect([
          undefined,
          'needsComparator',
          'needsValue',
          'needsOperand',
          'needsClosing',
        ]).toContain(problem(text)?.reason);
      }),
    );
  });
});
