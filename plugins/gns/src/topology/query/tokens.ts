export type Comparator =
  | '='
  | '!='
  | '>'
  | '>='
  | '<'
  | '<='
  | 'contains'
  | 'startswith'
  | 'endswith';

export interface Token {
  kind: 'word' | 'quoted' | 'comparator' | '(' | ')' | 'and' | 'or' | 'not';
  /** As it is meant: quotes and escapes gone. */
  text: string;
  from: number;
  to: number;
}

const KEYWORDS: Record<string, Token['kind']> = {
  and: 'and',
  '&&': 'and',
  or: 'or',
  '||': 'or',
  not: 'not',
  contains: 'comparator',
  startswith: 'comparator',
  endswith: 'comparator',
};

const SYMBOLS: readonly [string, Token['kind']][] = [
  ['&&', 'and'],
  ['||', 'or'],
  ['!=', 'comparator'],
  ['>=', 'comparator'],
  ['<=', 'comparator'],
  ['=', 'comparator'],
  ['>', 'comparator'],
  ['<', 'comparator'],
  ['!', 'not'],
  ['(', '('],
  [')', ')'],
];

function symbolAt(text: string, at: number) {
  return SYMBOLS.find(([sign]) => text.startsWith(sign, at));
}

/** Splits a question; an open quote runs to the end, `unclosed` tells where it began. */
export function tokenize(text: string): { tokens: Token[]; unclosed?: number } {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at])) {
      at += 1;
      continue;
    }
    const from = at;
    if (text[at] === '"') {
      let value = '';
      at += 1;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '\\' && at + 1 < text.length) at += 1;
        value += text[at];
        at += 1;
      }
      const isOpen = at >= text.length;
      if (!isOpen) at += 1;
      tokens.push({ kind: 'quoted', text: value, from, to: at });
      if (isOpen) return { tokens, unclosed: from };
      continue;
    }
    const symbol = symbolAt(text, at);
    if (symbol) {
      at += symbol[0].length;
      tokens.push({ kind: symbol[1], text: symbol[0], from, to: at });
      continue;
    }
    while (at < text.length && !/[\s()"=!<>]/.test(text[at])) at += 1;
    const word = text.slice(from, at);
    const lower = word.toLowerCase();
    const keyword = Object.hasOwn(KEYWORDS, lower)
      ? KEYWORDS[lower]
      : undefined;
    tokens.push(
      keyword
        ? { kind: keyword, text: lower, from, to: at }
        : { kind: 'word', text: word, from, to: at },
    );
  }
  return { tokens };
}

/** As a value is written: in quotes where it would be read as something else. */
export function quoteValue(value: string): string {
  const { tokens } = tokenize(value);
  const isPlain =
    tokens.length === 1 &&
    tokens[0].kind === 'word' &&
    tokens[0].text === value;
  return isPlain ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}
