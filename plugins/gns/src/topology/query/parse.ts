import { type Operand, operandOf } from './operands';
import { type Comparator, type Token, tokenize } from './tokens';

/** A question as a tree. */
export type Query =
  | { type: 'and' | 'or'; parts: Query[] }
  | { type: 'not'; part: Query }
  | { type: 'flag'; operand: Operand }
  | {
      type: 'compare';
      operand: Operand;
      comparator: Comparator;
      value: string | number;
    };

/** Why a question cannot be read, and where. */
export interface QueryProblem {
  reason:
    | 'unknownOperand'
    | 'needsComparator'
    | 'needsValue'
    | 'needsNumber'
    | 'wrongComparator'
    | 'needsOperand'
    | 'needsClosing'
    | 'needsQuote'
    | 'tooDeep'
    | 'unexpected';
  from: number;
  to: number;
  /** What stands there. */
  text: string;
}

export type ParsedQuery =
  | { query?: Query; problem?: undefined }
  | { query?: undefined; problem: QueryProblem };

const ORDERING = new Set<Comparator>(['>', '>=', '<', '<=']);
const OF_TEXT = new Set<Comparator>(['contains', 'startswith', 'endswith']);
/** Deeper nesting is no question of a person. */
const DEEPEST = 50;

class Refused extends Error {
  constructor(readonly problem: QueryProblem) {
    super(problem.reason);
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  all(): Query {
    const query = this.#either();
    if (this.#peek()) this.#refuse('unexpected');
    return query;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #refuse(reason: QueryProblem['reason'], token = this.#peek()): never {
    throw new Refused({
      reason,
      from: token?.from ?? this.#end,
      to: token?.to ?? this.#end,
      text: token?.text ?? '',
    });
  }

  #either(): Query {
    const parts = [this.#both()];
    while (this.#peek()?.kind === 'or') {
      this.#at += 1;
      parts.push(this.#both());
    }
    return parts.length === 1 ? parts[0] : { type: 'or', parts };
  }

  #both(): Query {
    const parts = [this.#one()];
    for (;;) {
      const next = this.#peek()?.kind;
      if (next === undefined || next === 'or' || next === ')') break;
      if (next === 'and') this.#at += 1;
      parts.push(this.#one());
    }
    return parts.length === 1 ? parts[0] : { type: 'and', parts };
  }

  #one(): Query {
    const token = this.#peek();
    if (this.#depth > DEEPEST) this.#refuse('tooDeep');
    if (token?.kind === 'not') {
      this.#at += 1;
      this.#depth += 1;
      const part = this.#one();
      this.#depth -= 1;
      return { type: 'not', part };
    }
    if (token?.kind === '(') {
      this.#at += 1;
      this.#depth += 1;
      const inner = this.#either();
      this.#depth -= 1;
      if (this.#peek()?.kind !== ')') this.#refuse('needsClosing');
      this.#at += 1;
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): Query {
    const token = this.#peek();
    if (token?.kind !== 'word' && token?.kind !== 'quoted') {
      this.#refuse('needsOperand');
    }
    this.#at += 1;
    const operand = token.kind === 'word' ? operandOf(token.text) : undefined;
    const next = this.#peek();
    if (next?.kind !== 'comparator') {
      if (!operand) return named(token.text);
      if (operand.type === 'flag') return { type: 'flag', operand };
      this.#refuse('needsComparator', next);
    }
    if (!operand) this.#refuse('unknownOperand', token);
    this.#at += 1;
    return this.#compare(operand, next);
  }

  #compare(operand: Operand, sign: Token): Query {
    const comparator = sign.text as Comparator;
    const fits =
      operand.type === 'text'
        ? !ORDERING.has(comparator)
        : !OF_TEXT.has(comparator);
    if (!fits || operand.type === 'flag') this.#refuse('wrongComparator', sign);
    const value = this.#peek();
    if (value?.kind !== 'word' && value?.kind !== 'quoted') {
      this.#refuse('needsValue');
    }
    this.#at += 1;
    if (operand.type === 'text') {
      return { type: 'compare', operand, comparator, value: value.text };
    }
    const amount = readAmount(value.text, operand.unit);
    if (amount === undefined) this.#refuse('needsNumber', value);
    return { type: 'compare', operand, comparator, value: amount };
  }
}

/**
 * Reads a question: comparisons joined by AND, OR, NOT and parentheses. NOT
 * binds tightest, then AND, which may be left out, then OR. A word that is no
 * operand asks for names that contain it. Nothing but spaces is no question.
 */
export function parseQuery(text: string): ParsedQuery {
  const { tokens, unclosed } = tokenize(text);
  if (tokens.length === 0) return {};
  if (unclosed !== undefined) {
    return {
      problem: {
        reason: 'needsQuote',
        from: unclosed,
        to: text.length,
        text: text.slice(unclosed),
      },
    };
  }
  try {
    return { query: new Parser(tokens, text.length).all() };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.problem };
    throw error;
  }
}

function named(text: string): Query {
  return {
    type: 'compare',
    operand: operandOf('name')!,
    comparator: 'contains',
    value: text,
  };
}

const UNITS: Record<string, Record<string, number>> = {
  // Shares are 0–1 within; "5" means per cent too.
  '%': { '': 0.01, '%': 0.01 },
  ms: { '': 1, ms: 1, s: 1000 },
  rps: { '': 1, rps: 1, k: 1000, krps: 1000, rpm: 1 / 60 },
  none: { '': 1 },
};

/** `1.5s`, `5%`, `2k`, `.5`; undefined: no number, or another unit. */
export function readAmount(
  text: string,
  unit: Operand['unit'],
): number | undefined {
  const parts = /^(\d+(?:\.\d*)?|\.\d+)([a-z%]*)$/i.exec(text);
  if (!parts) return undefined;
  const units = UNITS[unit ?? 'none'];
  const written = parts[2].toLowerCase();
  return Object.hasOwn(units, written)
    ? Number(parts[1]) * units[written]
    : undefined;
}
