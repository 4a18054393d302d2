import { type OperandValue, type Subject } from './operands';
import { type Query } from './parse';
import { type Comparator } from './tokens';

/**
 * Whether a subject is what was asked for. Undefined: the question does not
 * apply to it, or the answer is not known; "not" of that is not known either,
 * so that the unknown is never taken for zero.
 */
export function answer(query: Query, subject: Subject): boolean | undefined {
  switch (query.type) {
    case 'not': {
      const part = answer(query.part, subject);
      return part === undefined ? undefined : !part;
    }
    case 'and':
      return joined(query.parts, subject, false);
    case 'or':
      return joined(query.parts, subject, true);
    case 'flag':
      return query.operand.read(subject) as boolean | undefined;
    default:
      return compare(
        query.operand.read(subject),
        query.comparator,
        query.value,
      );
  }
}

/** One part that is `decisive` decides. */
function joined(
  parts: readonly Query[],
  subject: Subject,
  decisive: boolean,
): boolean | undefined {
  let known = true;
  for (const part of parts) {
    const value = answer(part, subject);
    if (value === decisive) return decisive;
    if (value === undefined) known = false;
  }
  return known ? !decisive : undefined;
}

/** True only where the answer is a certain yes. */
export function matches(query: Query, subject: Subject): boolean {
  return answer(query, subject) === true;
}

function compare(
  actual: OperandValue,
  comparator: Comparator,
  wanted: string | number,
): boolean | undefined {
  if (actual === undefined || typeof actual === 'boolean') return undefined;
  if (typeof actual === 'number') {
    return compareNumbers(actual, comparator, Number(wanted));
  }
  const text = String(wanted).toLowerCase();
  const some = (test: (value: string) => boolean) =>
    actual.some(value => test(value.toLowerCase()));
  switch (comparator) {
    case '!=':
      return !some(value => value === text);
    case 'contains':
      return some(value => value.includes(text));
    case 'startswith':
      return some(value => value.startsWith(text));
    case 'endswith':
      return some(value => value.endsWith(text));
    default:
      return some(value => value === text);
  }
}

function compareNumbers(
  actual: number,
  comparator: Comparator,
  wanted: number,
): boolean {
  switch (comparator) {
    case '>':
      return actual > wanted;
    case '>=':
      return actual >= wanted;
    case '<':
      return actual < wanted;
    case '<=':
      return actual <= wanted;
    case '!=':
      return actual !== wanted;
    default:
      return actual === wanted;
  }
}
