import type { z } from 'zod';
import { showPath, showValue, type Problem } from '../problems';

type Issue = z.core.$ZodIssue;
type Path = ReadonlyArray<PropertyKey>;

/** More problems than a person reads at once; the text of an attacker can have thousands. */
const MAX_PROBLEMS = 50;

/** What zod calls a type, and how a person writes one. */
const TYPES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object of names and values',
};

const MATCHER_REMEDY =
  'Write { names: [a, b] }, { prefix: a- } or { labels: { k: v } }.';

/**
 * What a schema found wrong, for people: per place one problem with path,
 * value and remedy; at most 50. Messages of our schemas read
 * `is no owner: write group:<namespace>/<name>`: what is wrong, a colon, what
 * to do.
 */
export function problemsOfIssues(
  issues: readonly Issue[],
  root: unknown,
): Problem[] {
  const byPath = new Map<string, Problem>();
  for (const problem of issues.flatMap(issue => problemsOf(issue, root, []))) {
    if (!byPath.has(problem.path)) byPath.set(problem.path, problem);
  }
  const problems = [...byPath.values()];
  if (problems.length <= MAX_PROBLEMS) return problems;
  return [
    ...problems.slice(0, MAX_PROBLEMS),
    {
      severity: 'error',
      code: 'more-problems',
      path: '',
      message: `${
        problems.length - MAX_PROBLEMS
      } more problems are not listed.`,
      remedy: 'Correct these first.',
    },
  ];
}

function problemsOf(issue: Issue, root: unknown, at: Path): Problem[] {
  const path = [...at, ...issue.path];
  const given = valueAt(root, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      severity: 'error',
      code: 'unknown-field',
      path: showPath([...path, key]),
      value: showValue(valueAt(given, [key])),
      message: 'The field is not known.',
      remedy:
        'Remove it, or correct its spelling; the reference lists every field.',
    }));
  }
  if (issue.code === 'invalid_union') {
    return 'options' in issue && issue.options
      ? ofVariant(issue.options, given, path)
      : ofMatcher(issue, root, path);
  }
  return [
    {
      severity: 'error',
      path: showPath(path),
      ...(given === undefined ? missing(issue) : wrong(issue, given)),
    },
  ];
}

type Words = Pick<Problem, 'code' | 'value' | 'message' | 'remedy'>;

function missing(issue: Issue): Words {
  const expected =
    issue.code === 'invalid_type' ? TYPES[issue.expected] : undefined;
  return {
    code: 'missing-field',
    message: 'The field is missing.',
    remedy: expected ? `Add it: ${expected}.` : 'Add it.',
  };
}

function wrong(issue: Issue, given: unknown): Words {
  const code = issue.code.replaceAll('_', '-');
  const value = showValue(given);
  switch (issue.code) {
    case 'invalid_type':
      return {
        code,
        value,
        message: `The value is ${typeOf(given)}.`,
        remedy: `Write ${TYPES[issue.expected] ?? issue.expected}.`,
      };
    case 'invalid_value': {
      const allowed = issue.values.map(v => showValue(v)).join(' or ');
      return {
        code,
        value,
        message: 'The value is not known here.',
        remedy: `Write ${allowed}.`,
      };
    }
    case 'invalid_key':
      return {
        ...inWords(issue.issues[0]?.message ?? 'is not allowed', 'key'),
        code,
        value: showValue(String(issue.path.at(-1))),
      };
    case 'too_big':
    case 'too_small':
      return { code, value, ...ofSize(issue, given) };
    default:
      return { code, value, ...inWords(issue.message, 'value') };
  }
}

function ofSize(
  issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall,
  given: unknown,
): Pick<Words, 'message' | 'remedy'> {
  // A schema that says more than zod does is quoted.
  if (!issue.message.startsWith('Too ')) return inWords(issue.message, 'value');
  const limit =
    issue.code === 'too_big'
      ? `at most ${issue.maximum}`
      : `at least ${issue.minimum}`;
  if (typeof given === 'string') {
    return {
      message: `The value has ${given.length} characters.`,
      remedy: `Use ${limit}.`,
    };
  }
  if (Array.isArray(given)) {
    return {
      message: `The list has ${given.length} entries.`,
      remedy: `Use ${limit}.`,
    };
  }
  return { message: 'The value is out of range.', remedy: `Use ${limit}.` };
}

/** `is no owner: write x` → "The value is no owner." and "Write x." */
function inWords(
  message: string,
  subject: 'value' | 'key',
): Pick<Words, 'message' | 'remedy'> {
  const colon = message.indexOf(': ');
  const [what, todo] =
    colon < 0
      ? [message, 'correct it; the reference shows what is allowed']
      : [message.slice(0, colon), message.slice(colon + 2)];
  return {
    message: `The ${subject} ${what}.`,
    remedy: `${todo[0].toUpperCase()}${todo.slice(1)}.`,
  };
}

/** A union whose members are told apart by one field, such as `type`: that field is wrong. */
function ofVariant(
  options: readonly unknown[],
  given: unknown,
  path: Path,
): Problem[] {
  const allowed = options.map(o => showValue(o)).join(' or ');
  return [
    {
      severity: 'error',
      path: showPath(path),
      ...(given === undefined
        ? {
            code: 'missing-field',
            message: 'The field is missing.',
            remedy: `Add it: ${allowed}.`,
          }
        : {
            code: 'invalid-value',
            value: showValue(given),
            message: 'The value is not known here.',
            remedy: `Write ${allowed}.`,
          }),
    },
  ];
}

/** All other unions of definitions are matchers. */
function ofMatcher(
  issue: z.core.$ZodIssueInvalidUnion,
  root: unknown,
  path: Path,
): Problem[] {
  const given = valueAt(root, path);
  const keys =
    typeof given === 'object' && given !== null ? Object.keys(given) : [];
  const known = ['names', 'prefix', 'labels'].filter(k => keys.includes(k));
  const branch = issue.errors.find(
    issues => !issues.some(i => i.code === 'unrecognized_keys'),
  );
  if (keys.length === 1 && known.length === 1 && branch) {
    return branch.flatMap(inner => problemsOf(inner, root, path));
  }
  return [
    {
      severity: 'error',
      code: given === undefined ? 'missing-field' : 'matcher-shape',
      path: showPath(path),
      value: showValue(given),
      message:
        given === undefined
          ? 'The field is missing.'
          : 'A matcher has exactly one of names, prefix and labels.',
      remedy: MATCHER_REMEDY,
    },
  ];
}

function typeOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return TYPES[typeof value] ?? typeof value;
}

/** Own properties only: a path names what the author wrote. */
function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<PropertyKey, unknown>)[key]
        : undefined,
    root,
  );
}
