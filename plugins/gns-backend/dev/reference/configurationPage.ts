import * as ts from 'typescript';
import { code, page, table } from './markdown';

interface Setting {
  path: string;
  type: string;
  comment: string;
  secret: boolean;
}

function commentOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(doc => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join(' ')
    .trim();
}

const isSecret = (node: ts.Node) =>
  ts
    .getJSDocTags(node)
    .some(
      tag =>
        tag.tagName.text === 'visibility' &&
        ts.getTextOfJSDocComment(tag.comment) === 'secret',
    );

/** What a list holds, where a type is a list. */
function elementOf(type: ts.TypeNode): ts.TypeNode | undefined {
  if (ts.isArrayTypeNode(type)) return type.elementType;
  const name = ts.isTypeReferenceNode(type) ? type.typeName.getText() : '';
  return /^(Readonly)?Array$/.test(name)
    ? (type as ts.TypeReferenceNode).typeArguments?.[0]
    : undefined;
}

function settingsOf(
  members: ts.NodeArray<ts.TypeElement>,
  prefix: string,
): Setting[] {
  return members.filter(ts.isPropertySignature).flatMap(member => {
    const path = `${prefix}${member.name.getText()}`;
    const { type } = member;
    if (!type) return [];
    const element = elementOf(type);
    const shape = element ?? type;
    const nested = ts.isTypeLiteralNode(shape)
      ? settingsOf(shape.members, `${path}${element ? '[]' : ''}.`)
      : [];
    const own = {
      path,
      type: ts.isTypeLiteralNode(shape)
        ? `${element ? 'list of ' : ''}object`
        : type.getText().replaceAll(/\s+/g, ' '),
      comment: commentOf(member),
      secret: isSecret(member),
    };
    return own.comment || nested.length === 0 ? [own, ...nested] : nested;
  });
}

/** Every setting, from the schemas that Backstage validates app-config with. */
export function configurationPage(
  files: { title: string; text: string }[],
): string {
  return page('Configuration', "the packages' `config.d.ts`", [
    ...files.flatMap(({ title, text }) => {
      const source = ts.createSourceFile(
        'config.d.ts',
        text,
        ts.ScriptTarget.Latest,
        true,
      );
      const config = source.statements
        .filter(ts.isInterfaceDeclaration)
        .find(statement => statement.name.text === 'Config');
      return [
        `## ${title}`,
        table(
          ['Setting', 'Type', 'What it does'],
          settingsOf(config?.members ?? ts.factory.createNodeArray(), '').map(
            setting => [
              code(setting.path),
              code(setting.type),
              setting.comment + (setting.secret ? ' Secret.' : ''),
            ],
          ),
        ),
      ];
    }),
  ]);
}
