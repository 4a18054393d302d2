import { type Operand, OPERANDS, operandOf, type Subject } from './operands';
import { quoteValue, type Token, tokenize } from './tokens';

export interface Completion {
  /** What is put in. */
  text: string;
  kind: 'operand' | 'flag' | 'comparator' | 'value' | 'joint';
}

export interface Completions {
  /** What is replaced. */
  from: number;
  to: number;
  options: Completion[];
}

const MOST = 40;
const OF_TEXT = ['=', '!=', 'contains', 'startswith', 'endswith'];
const OF_NUMBERS = ['>', '>=', '<', '<=', '=', '!='];
const EXAMPLES: Record<string, string[]> = {
  '%': ['0.1%', '1%', '5%', '100%'],
  ms: ['100ms', '500ms', '1s'],
  rps: ['1', '10', '100'],
  none: ['0', '1'],
};

/** Without the quote that it may begin with. */
const bare = (text: string) => text.replace(/^"/, '').toLowerCase();

/**
 * What may be written at the cursor: operands, comparators that fit, values
 * that the graph has, joints.
 */
export function complete(
  text: string,
  cursor: number,
  subjects: Iterable<Subject>,
): Completions {
  const { tokens } = tokenize(text.slice(0, cursor));
  const last = tokens.at(-1);
  const isTyping =
    last !== undefined &&
    last.to === cursor &&
    (last.kind === 'word' ||
      last.kind === 'quoted' ||
      last.kind === 'comparator' ||
      last.text.length > 1);
  const typed = isTyping ? last : undefined;
  const before = typed ? tokens.slice(0, -1) : tokens;
  const from = typed ? typed.from : cursor;
  const prefix = typed?.text.toLowerCase() ?? '';
  const found = expected(before, subjects).filter(option =>
    bare(option.text).startsWith(prefix),
  );
  const isDone = found.length === 1 && found[0].text.toLowerCase() === prefix;
  return {
    from,
    to: cursor,
    options: isDone ? [] : found.slice(0, MOST),
  };
}

function operandBefore(before: readonly Token[]): Operand | undefined {
  const last = before.at(-1);
  return last?.kind === 'word' ? operandOf(last.text) : undefined;
}

function expected(
  before: readonly Token[],
  subjects: Iterable<Subject>,
): Completion[] {
  const last = before.at(-1);
  if (last?.kind === 'comparator') {
    const operand = operandBefore(before.slice(0, -1));
    return operand ? valuesOf(operand, subjects) : [];
  }
  const isOpen = !last || ['(', 'and', 'or', 'not'].includes(last.kind);
  if (isOpen) return operands();
  const operand = operandBefore(before);
  const isValue = before.at(-2)?.kind === 'comparator';
  if (operand && !isValue && operand.type !== 'flag') {
    return (operand.type === 'text' ? OF_TEXT : OF_NUMBERS).map(sign => ({
      text: sign,
      kind: 'comparator',
    }));
  }
  const open = before.reduce((depth, token) => {
    if (token.kind === '(') return depth + 1;
    return token.kind === ')' ? depth - 1 : depth;
  }, 0);
  return [
    { text: 'AND', kind: 'joint' },
    { text: 'OR', kind: 'joint' },
    ...(open > 0 ? [{ text: ')', kind: 'joint' } as const] : []),
  ];
}

function operands(): Completion[] {
  return [
    ...OPERANDS.map(
      (operand): Completion => ({
        text: operand.name,
        kind: operand.type === 'flag' ? 'flag' : 'operand',
      }),
    ),
    { text: 'NOT', kind: 'joint' },
    { text: '(', kind: 'joint' },
  ];
}

function valuesOf(operand: Operand, subjects: Iterable<Subject>): Completion[] {
  if (operand.type === 'number') {
    return EXAMPLES[operand.unit ?? 'none'].map(text => ({
      text,
      kind: 'value',
    }));
  }
  const values = new Set<string>();
  for (const subject of subjects) {
    const value = operand.read(subject);
    if (Array.isArray(value)) value.forEach(one => values.add(one));
  }
  return [...values]
    .sort((a, b) => a.localeCompare(b))
    .map(text => ({ text: quoteValue(text), kind: 'value' }));
}
