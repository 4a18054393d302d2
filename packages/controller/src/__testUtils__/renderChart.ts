import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';

type Scope = Record<string, unknown>;

/**
 * Renders the part of Helm's language that our chart keeps to: values, `if`,
 * and the functions below. Throws for anything else, so that the chart stays
 * simple.
 */
export function renderChart(
  folder: string,
  values: Record<string, unknown>,
  namespace: string,
): Array<Record<string, unknown>> {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const scope: Scope = {
    Values: { ...parse(read('values.yaml')), ...values },
    Release: { Namespace: namespace },
    Chart: { AppVersion: parse(read('Chart.yaml')).appVersion },
  };
  return readdirSync(join(folder, 'templates'))
    .filter(file => file.endsWith('.yaml'))
    .sort()
    .flatMap(file => {
      const text = renderTemplate(read(join('templates', file)), scope);
      return parseAllDocuments(text).flatMap(document => {
        if (document.errors.length > 0) throw document.errors[0];
        return document.toJS() ?? [];
      });
    });
}

/** Renders one template. */
export function renderTemplate(template: string, scope: Scope): string {
  const shown: boolean[] = [];
  let text = '';
  let at = 0;
  for (const match of template.matchAll(/(\s*)\{\{(-?)\s*(.*?)\s*\}\}/g)) {
    const [whole, space, trim, expression] = match;
    const visible = shown.every(Boolean);
    if (visible) text += template.slice(at, match.index);
    if (visible && !trim) text += space;
    at = match.index + whole.length;
    if (expression.startsWith('if ')) {
      shown.push(isTrue(evaluate(expression.slice(3), scope)));
    } else if (expression === 'end') shown.pop();
    else if (visible) text += String(evaluate(expression, scope) ?? '');
  }
  return text + template.slice(at);
}

/** Empty lists and maps are false to Helm. */
function isTrue(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.keys(value).length > 0
    : Boolean(value);
}

function evaluate(expression: string, scope: Scope): unknown {
  const [first, ...filters] = split(expression, '|');
  return filters.reduce<unknown>(
    (value, filter) => call(split(filter, ' '), scope, [value]),
    call(split(first, ' '), scope, []),
  );
}

function call(words: string[], scope: Scope, piped: unknown[]): unknown {
  const [name, ...rest] = words;
  if (rest.length === 0 && piped.length === 0) return term(name, scope);
  const args = [...rest.map(word => term(word, scope)), ...piped];
  switch (name) {
    case 'quote':
      return JSON.stringify(args[0]);
    case 'default':
      return args[1] || args[0];
    case 'required':
      if (!args[1]) throw new Error(String(args[0]));
      return args[1];
    case 'printf':
      return args
        .slice(1)
        .reduce<string>(
          (text, arg) => text.replace('%s', String(arg)),
          String(args[0]),
        );
    case 'or':
      return args.find(isTrue) ?? args.at(-1);
    case 'toYaml':
      return stringify(args[0]).trimEnd();
    case 'nindent':
      return String(args[1])
        .split('\n')
        .map(line => `\n${' '.repeat(Number(args[0]))}${line}`)
        .join('');
    default:
      throw new Error(`the chart uses ${name}, which this test cannot render`);
  }
}

function term(word: string, scope: Scope): unknown {
  if (word.startsWith('(')) return evaluate(word.slice(1, -1), scope);
  if (word.startsWith('"')) return JSON.parse(word);
  if (/^\d+$/.test(word)) return Number(word);
  if (!word.startsWith('.')) throw new Error(`cannot read ${word}`);
  return word
    .slice(1)
    .split('.')
    .reduce<unknown>((value, key) => {
      const fields = value as Scope | undefined;
      if (fields === undefined || !(key in fields)) {
        throw new Error(`${word} is not in values.yaml`);
      }
      return fields[key];
    }, scope);
}

/** Splits outside of quotes and brackets. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  let quoted = false;
  for (const c of text.trim()) {
    if (c === '"') quoted = !quoted;
    if (!quoted && c === '(') depth += 1;
    if (!quoted && c === ')') depth -= 1;
    if (c === separator && !quoted && depth === 0) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts.map(part => part.trim()).filter(Boolean);
}
