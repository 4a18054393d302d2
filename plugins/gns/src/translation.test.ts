import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { gnsMessages } from './translation';
import ja from './translations/ja';

function flatten(messages: object, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(messages).flatMap(([key, value]) =>
      typeof value === 'string'
        ? [[prefix + key, value]]
        : Object.entries(flatten(value, `${prefix}${key}.`)),
    ),
  );
}

const en = flatten(gnsMessages);
const placeholders = (text: string) =>
  [...text.matchAll(/{{(.*?)}}/g)]
    .map(match => match[1])
    // A singular may say "one" instead of its count.
    .filter(name => name !== 'count')
    .sort();

/** In English the hub's own sentence is shown, other languages write one from its names and numbers. */
const ANEW = /^link(Why|Fix)\.|^diagnose\.ok(Text|Remedy)$/;

const sources = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter(file => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
  .map(file => ({
    file,
    text: readFileSync(join(__dirname, file), 'utf8'),
  }));

/** Properties whose text a person reads or hears. */
const SPOKEN = new Set([
  'alt',
  'aria-label',
  'ariaLabel',
  'description',
  'label',
  'placeholder',
  'text',
  'title',
]);

/** Words in JSX that no translation gave, as `file: text`. */
function literals(file: string, text: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.Latest,
    true,
    ts.ScriptKind.TSX,
  );
  const isWord = (words: string) => /\p{L}{2,}/u.test(words);
  const visit = (node: ts.Node) => {
    if (ts.isJsxText(node) && isWord(node.text)) found.push(node.text.trim());
    if (
      ts.isJsxExpression(node) &&
      node.expression &&
      ts.isStringLiteralLike(node.expression) &&
      ts.isJsxElement(node.parent) &&
      isWord(node.expression.text)
    ) {
      found.push(node.expression.text);
    }
    if (
      ts.isJsxAttribute(node) &&
      SPOKEN.has(node.name.getText()) &&
      node.initializer &&
      ts.isStringLiteral(node.initializer) &&
      isWord(node.initializer.text)
    ) {
      found.push(node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map(words => `${file}: ${words}`);
}

describe('texts', () => {
  it('are complete in Japanese, with the same placeholders', () => {
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(ja)) {
      if (ANEW.test(key)) continue;
      expect({ key, uses: placeholders(text) }).toEqual({
        key,
        uses: placeholders(en[key]),
      });
    }
  });

  it('of a diagnosis use only names and numbers that links have', () => {
    const known = [
      ...['address', 'blind', 'caller', 'cluster', 'gns', 'host', 'line'],
      ...[
        'message',
        'mode',
        'namespace',
        'object',
        'pods',
        'policy',
        'port',
        'ports',
      ],
      ...['proxyConfig', 'service', 'since', 'workload'],
    ];
    const odd = Object.entries(ja)
      .filter(([key]) => ANEW.test(key))
      .flatMap(([key, text]) => placeholders(text).map(name => ({ key, name })))
      .filter(({ name }) => !known.includes(name));
    expect(odd).toEqual([]);
  });

  it('are translated, apart from names that are the same everywhere', () => {
    const same = Object.entries(ja)
      .filter(([key, text]) => en[key] === text)
      .map(([key]) => key);
    expect(same).toEqual([
      'editing.yaml',
      'overview.mtls',
      'clusters.kubernetes',
      'clusters.istio',
    ]);
  });

  it('are all used', () => {
    const all = sources
      .filter(({ file }) => !file.startsWith('translation'))
      .map(({ text }) => text)
      .join('\n');
    const unused = Object.keys(en).filter(key => {
      const asked = key.replace(/_(one|other)$/, '');
      const [group] = asked.split('.');
      return (
        !all.includes(`'${asked}'`) &&
        // Keys that end in a state: t(`health.${health}`).
        !all.includes(`\`${group}.\${`)
      );
    });
    expect(unused).toEqual([]);
  });

  it('never stand in JSX themselves', () => {
    expect(
      sources
        .filter(({ file }) => file.endsWith('.tsx'))
        .flatMap(({ file, text }) => literals(file, text)),
    ).toEqual([]);
  });

  it('would be found in JSX', () => {
    expect(
      literals('x.tsx', '<p title="Two words">Loading {"More"} {"…"}</p>'),
    ).toHaveLength(3);
  });
});
