import { createContext, useContext } from 'react';
import { type Problem } from '@isthmus/plugin-gns-common';
import { type Edit } from '../../editing/editYaml';
import { type Path } from '../../editor/jsonSchema';
import { readPath } from '../../editor/locateProblem';
import { same, valueAt } from '../../editing/same';

/** Names that exist, to choose from. */
export interface KnownNames {
  clusters: readonly string[];
  namespaces: readonly string[];
  services: readonly string[];
  owners: readonly string[];
}

/** What the fields of a form share. */
export interface FormState {
  /** The document as it is written. */
  written: unknown;
  problems: readonly Problem[];
  /** False while the text cannot be read. */
  isDisabled: boolean;
  /** The definition exists: some of it never changes. */
  exists: boolean;
  known: KnownNames;
  /** @param where - the field, so that typing in it is undone together */
  onEdit: (edits: Edit[], where: string) => void;
}

const Context = createContext<FormState | undefined>(undefined);
export const FormProvider = Context.Provider;

export function useForm(): FormState {
  const form = useContext(Context);
  if (!form) throw new Error('Fields stand inside of a DefinitionForm');
  return form;
}

/** One place of the document. */
export interface FieldState {
  value: unknown;
  /** What is wrong there, or below. */
  error?: string;
  isDisabled: boolean;
  /** Undefined: nothing shall stand there. */
  set: (value: unknown) => void;
}

export function useField(path: Path): FieldState {
  const form = useForm();
  return {
    value: valueAt(form.written, path),
    error: errorAt(form.problems, path),
    isDisabled: form.isDisabled,
    set: value => form.onEdit([{ path, value }], path.join('.')),
  };
}

/** The first error of a place or below it, in words. */
export function errorAt(
  problems: readonly Problem[],
  path: Path,
): string | undefined {
  const found = problems.find(
    problem =>
      problem.severity === 'error' &&
      same(readPath(problem.path).slice(0, path.length), path) &&
      path.length > 0,
  );
  return found && `${found.message} ${found.remedy}`;
}
