import fc from 'fast-check';
import { type Problem, showPath } from '@isthmus/plugin-gns-common';
import { checkText } from './checkText';
import { locateProblems, readPath } from './locateProblem';

const TEXT = `apiVersion: gns.isthmus.dev/v1
kind: GlobalNamespace
metadata:
  name: shop # the shop
  owner: nobody
spec:
  domain: Shop
  mtls: sometimes
  members:
    - clusters: { prefix: eu- }
      namespace: { names: [a] }
`;

/** What is underlined for each problem, by path. */
function underlined(text: string) {
  const { problems } = checkText(text);
  const stretches = locateProblems(text, problems);
  return Object.fromEntries(
    problems.map((problem, i) => [
      problem.path,
      text.slice(stretches[i].from, stretches[i].to),
    ]),
  );
}

const problem = (path: string): Problem => ({
  severity: 'error',
  code: 'x',
  path,
  message: 'm',
  remedy: 'r',
});

describe('locateProblems', () => {
  it('underlines the value, the unknown key, and what lacks a field', () => {
    expect(underlined(TEXT)).toEqual({
      'metadata.owner': 'nobody',
      'spec.domain': 'Shop',
      'spec.mtls': 'sometimes',
      'spec.members[0].namespace': 'namespace',
      'spec.members[0].namespaces': 'clusters',
    });
  });

  it('finds the line and column of a syntax error', () => {
    expect(underlined('spec:\n  a: 1\n  a: 2\n')).toEqual({ '3:3': 'a:' });
  });

  it('always stays inside of the text', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.oneof(
          fc.string(),
          fc.tuple(fc.nat(50), fc.nat(50)).map(([l, c]) => `${l}:${c}`),
          fc.array(fc.oneof(fc.string(), fc.nat(3))).map(p => showPath(p)),
        ),
        (text, path) => {
          const [{ from, to }] = locateProblems(text, [problem(path)]);
          return from >= 0 && from <= to && to <= text.length;
        },
      ),
    );
  });
});

describe('readPath', () => {
  it('reads what showPath writes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.nat(9),
            fc.stringMatching(/^[A-Za-z_][\w-]*$/),
            fc.constantFrom('odd key', 'a.b', 'x[0]', 'gns.isthmus.dev/a'),
          ),
        ),
        path => {
          expect(readPath(showPath(path))).toEqual(path);
        },
      ),
    );
  });
});
