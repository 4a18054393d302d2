import { QueryError, secondsOf, tokenize, unquote, type Token } from './tokens';

/** A condition on one label. */
export interface LabelMatcher {
  readonly label: string;
  matches(value: string): boolean;
  readonly equals?: string;
}

export interface SelectorNode {
  readonly type: 'selector';
  readonly matchers: readonly LabelMatcher[];
  /** Seconds; 0: an instant selector. */
  readonly range: number;
  /** Seconds. */
  readonly offset: number;
}

export interface CallNode {
  readonly type: 'call';
  readonly name: string;
  readonly args: readonly Node[];
}

export interface AggregateNode {
  readonly type: 'aggregate';
  readonly name: 'sum' | 'count' | 'max';
  readonly grouping: 'by' | 'without';
  readonly labels: readonly string[];
  readonly over: Node;
}

export interface BinaryNode {
  readonly type: 'binary';
  readonly operator: string;
  /** Labels of `on(…)`; undefined: all but the name. */
  readonly on: readonly string[] | undefined;
  readonly left: Node;
  readonly right: Node;
}

export type Node =
  | SelectorNode
  | CallNode
  | AggregateNode
  | BinaryNode
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'string'; readonly value: string };

const AGGREGATIONS = new Set(['sum', 'count', 'max']);
/** How many arguments each function takes. */
const FUNCTIONS: Readonly<Record<string, number>> = {
  last_over_time: 1,
  count_over_time: 1,
  increase: 1,
  rate: 1,
  timestamp: 1,
  label_replace: 5,
  /** At least. */
  label_join: 4,
};
const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '>=': 3,
  '>': 3,
  '-': 4,
};

class Parser {
  #i = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  expression(lowest: number): Node {
    let left = this.primary();
    for (;;) {
      const { text, kind } = this.peek();
      const strength = kind === 'string' ? undefined : PRECEDENCE[text];
      if (strength === undefined || strength < lowest) return left;
      this.#i += 1;
      const on = this.takeName('on') ? this.labelList() : undefined;
      const right = this.expression(strength + 1);
      left = { type: 'binary', operator: text, on, left, right };
    }
  }

  primary(): Node {
    const token = this.peek();
    if (token.kind === 'number') {
      this.#i += 1;
      return { type: 'number', value: Number(token.text) };
    }
    if (token.kind === 'string') {
      this.#i += 1;
      return { type: 'string', value: unquote(token.text) };
    }
    if (this.takeSign('(')) {
      const inner = this.expression(1);
      this.takeSign(')', true);
      return inner;
    }
    if (this.isSign('{')) return this.selector(undefined);
    if (token.kind !== 'name') throw this.unexpected();
    this.#i += 1;
    if (AGGREGATIONS.has(token.text)) return this.aggregate(token.text);
    if (this.isSign('(')) return this.call(token.text);
    return this.selector(token.text);
  }

  aggregate(name: string): Node {
    const grouping = ['by', 'without'].find(word => this.takeName(word));
    const labels = grouping ? this.labelList() : [];
    this.takeSign('(', true);
    const over = this.expression(1);
    this.takeSign(')', true);
    return {
      type: 'aggregate',
      name: name as AggregateNode['name'],
      grouping: (grouping ?? 'by') as AggregateNode['grouping'],
      labels,
      over,
    };
  }

  call(name: string): Node {
    const wanted = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (wanted === undefined) {
      throw new QueryError(
        `parse error: this simulator knows no function ${JSON.stringify(name)}`,
      );
    }
    this.takeSign('(', true);
    const args: Node[] = [];
    while (!this.isSign(')')) {
      args.push(this.expression(1));
      if (!this.takeSign(',')) break;
    }
    this.takeSign(')', true);
    const isOpen = name === 'label_join';
    if (isOpen ? args.length < wanted : args.length !== wanted) {
      throw new QueryError(
        `parse error: expected ${wanted} argument(s) in call to "${name}", got ${args.length}`,
      );
    }
    return { type: 'call', name, args };
  }

  selector(name: string | undefined): Node {
    const matchers: LabelMatcher[] = [];
    if (name) matchers.push(matcher('__name__', '=', name));
    if (this.takeSign('{')) {
      while (!this.isSign('}')) {
        const label = this.take('name').text;
        const operator = this.take('sign').text;
        matchers.push(
          matcher(label, operator, unquote(this.take('string').text)),
        );
        if (!this.takeSign(',')) break;
      }
      this.takeSign('}', true);
    }
    let range = 0;
    if (this.takeSign('[')) {
      range = secondsOf(this.take('duration').text);
      this.takeSign(']', true);
    }
    const offset = this.takeName('offset')
      ? secondsOf(this.take('duration').text)
      : 0;
    return { type: 'selector', matchers, range, offset };
  }

  labelList(): string[] {
    this.takeSign('(', true);
    const labels: string[] = [];
    while (!this.isSign(')')) {
      labels.push(this.take('name').text);
      if (!this.takeSign(',')) break;
    }
    this.takeSign(')', true);
    return labels;
  }

  peek(): Token {
    return this.tokens[this.#i];
  }

  take(kind: Token['kind']): Token {
    const token = this.peek();
    if (token.kind !== kind) throw this.unexpected();
    this.#i += 1;
    return token;
  }

  isSign(text: string): boolean {
    const token = this.peek();
    return token.kind === 'sign' && token.text === text;
  }

  takeSign(text: string, must = false): boolean {
    if (this.isSign(text)) {
      this.#i += 1;
      return true;
    }
    if (must) throw this.unexpected();
    return false;
  }

  takeName(text: string): boolean {
    const token = this.peek();
    if (token.kind !== 'name' || token.text !== text) return false;
    this.#i += 1;
    return true;
  }

  unexpected(): QueryError {
    const { kind, text, at } = this.peek();
    return new QueryError(
      `1:${at + 1}: parse error: unexpected ${
        kind === 'end' ? 'end of input' : JSON.stringify(text)
      }`,
    );
  }
}

function matcher(label: string, operator: string, value: string): LabelMatcher {
  switch (operator) {
    case '=':
      return { label, matches: v => v === value, equals: value };
    case '!=':
      return { label, matches: v => v !== value };
    case '=~':
    case '!~': {
      const pattern = wholly(value);
      return { label, matches: v => pattern.test(v) === (operator === '=~') };
    }
    default:
      throw new QueryError(
        `parse error: unexpected ${JSON.stringify(operator)}`,
      );
  }
}

/**
 * Parses the part of PromQL that this simulator knows: selectors with range
 * and offset, sum, count and max, six functions, set operators, `-`, `>`, `>=`.
 * @throws QueryError for anything else
 */
export function parse(query: string): Node {
  const parser = new Parser(tokenize(query));
  const node = parser.expression(1);
  parser.take('end');
  return node;
}

/** A regular expression that must match the whole text. @throws QueryError */
export function wholly(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 's');
  } catch (error) {
    throw new QueryError(
      `parse error: invalid regular expression: ${pattern}`,
      {
        cause: error,
      },
    );
  }
}
