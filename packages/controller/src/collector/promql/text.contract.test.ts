import fc from 'fast-check';
import { hasPrometheus, RealPrometheus } from '../__testUtils__/RealPrometheus';
import type { HttpPrometheus } from '../prometheus/HttpPrometheus';
import { countsQuery, durationsQuery, heartbeatQuery } from './queries';
import { anyOf, markedWhere, tagged } from './text';

const AT = { from: 1_700_000_000, to: 1_700_000_000, step: 60 };
/** Text that somebody may try, and all that random finds. */
const HOSTILE = [
  '"',
  '\\',
  '\\"',
  '"}) or vector(1) or up{a="',
  '") or label_replace(',
  '\n',
  '\u0000\u0007\u001b',
  '$1 $$ ${a}',
  '.*',
  '(?i)a|b',
  '\\d+\\Q',
  '[^]',
  "'`",
  '\ud83d\ude80 日本',
  '\ud800',
  '# EOF',
  '\u2028',
];
const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
);
const wellFormed = (text: string) => Buffer.from(text, 'utf8').toString('utf8');

/* The oracle is the parser of Prometheus itself. */
(hasPrometheus ? describe : describe.skip)('text in PromQL', () => {
  let real: RealPrometheus;
  let prometheus: HttpPrometheus;
  beforeAll(async () => {
    real = await RealPrometheus.start();
    prometheus = real.connect();
  }, 60_000);
  afterAll(async () => {
    await prometheus?.close();
    await real?.stop();
  });

  it('stays one value, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async text => {
        const { series } = await prometheus.query(
          tagged('vector(1)', 'a', text),
          AT,
        );
        expect(series.map(s => s.labels)).toEqual([{ a: wellFormed(text) }]);
      }),
      { numRuns: 200 },
    );
  }, 120_000);

  it('is matched by itself alone in a regular expression', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (text, other) => {
        const { series } = await prometheus.query(
          markedWhere(tagged('vector(1)', 'a', text), {
            label: 'hit',
            value: 'yes',
            where: 'a',
            matches: anyOf([other, `${other}x`]),
          }),
          AT,
        );
        const isSame =
          wellFormed(text) === wellFormed(other) ||
          wellFormed(text) === wellFormed(`${other}x`);
        expect(series[0].labels.hit).toBe(isSame ? 'yes' : undefined);
      }),
      { numRuns: 200, examples: HOSTILE.map(text => [text, text]) },
    );
  }, 120_000);

  it('breaks no query of the collector', async () => {
    for (const text of HOSTILE) {
      const question = {
        seconds: 60 as const,
        namespaces: [text, 'web'],
        latencyEdgesMs: [0.5, 10, 100],
        selection: { match: { cluster: text }, replicaLabels: ['replica'] },
        resources: true,
      };
      for (const query of [countsQuery, durationsQuery, heartbeatQuery]) {
        const { series } = await prometheus.query(query(question), AT);
        expect(series).toEqual([]);
      }
    }
  }, 60_000);
});
