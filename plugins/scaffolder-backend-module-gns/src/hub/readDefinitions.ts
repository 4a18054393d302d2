import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  parseDefinition,
  parseYaml,
  type Definition,
} from '@isthmus/plugin-gns-common';
import { readFile } from 'node:fs/promises';
import { showProblem } from './refusals';

/**
 * Definitions of a template: written in its step, or in a file that an earlier
 * step made. All are checked before anything is sent.
 *
 * @throws InputError with every problem of every document
 */
export async function readDefinitions(
  input: { definition?: unknown; file?: string },
  workspacePath: string,
): Promise<Definition[]> {
  if ((input.definition === undefined) === (input.file === undefined)) {
    throw new InputError(
      'Give either "definition" (the document) or "file" (a path in the workspace), not both and not neither.',
    );
  }
  const documents =
    input.file === undefined
      ? [input.definition]
      : await documentsOf(input.file, workspacePath);
  return documents.map((document, index) => {
    const parsed = parseDefinition(document);
    if (parsed.ok) return parsed.definition;
    throw new InputError(
      `${input.file ?? 'definition'}${
        documents.length > 1 ? `, document ${index + 1}` : ''
      }:\n${parsed.problems.map(p => `- ${showProblem(p)}`).join('\n')}`,
    );
  });
}

async function documentsOf(
  file: string,
  workspacePath: string,
): Promise<unknown[]> {
  const text = await readFile(
    resolveSafeChildPath(workspacePath, file),
    'utf8',
  );
  const parsed = parseYaml(text);
  if (parsed.ok) return parsed.documents;
  throw new InputError(
    `${file}:\n${parsed.problems.map(p => `- ${showProblem(p)}`).join('\n')}`,
  );
}
