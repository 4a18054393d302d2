import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  type CompletionContext,
  completionKeymap,
  type CompletionResult,
  startCompletion,
} from '@codemirror/autocomplete';
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
} from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { suggestionsAt } from './completions';
import { type JsonSchema, type Path, schemasAt } from './jsonSchema';
import { pathAt } from './placeAt';
import { theme } from './theme';

/** What the editor asks while it is used; read anew each time. */
export interface Knowledge {
  schema: (text: string) => JsonSchema;
  describe: (field: string) => string | undefined;
  suggest: (field: string) => readonly string[];
  undo?: () => void;
  redo?: () => void;
  texts: { required: string };
}

/** How long after Escape the Tab key leaves the editor. */
const LEAVE_MS = 5000;

/** A path without its indexes: `spec.members.clusters`. */
export function fieldOf(path: Path): string {
  return path.filter(step => typeof step === 'string').join('.');
}

/** What a field means: the translated help, else the schema's own words. */
export function helpOn(path: Path, text: string, know: Knowledge): string {
  const own = know.describe(fieldOf(path));
  if (own) return own;
  return (
    schemasAt(know.schema(text), path).find(one => one.description)
      ?.description ?? ''
  );
}

/** Everything that does not change while the editor lives. */
export function extensions(know: () => Knowledge): Extension[] {
  return [
    lineNumbers(),
    lintGutter(),
    highlightActiveLine(),
    bracketMatching(),
    closeBrackets(),
    indentOnInput(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    yaml(),
    theme,
    autocompletion({
      icons: false,
      override: [context => complete(context, know())],
    }),
    hoverTooltip((view, offset) => hover(view, offset, know())),
    know().undo ? [] : history(),
    keymap.of([
      {
        // Tab leaves after it, also where Escape has closed something or
        // dropped a selection; the view would let it leave in other cases only.
        key: 'Escape',
        run: view => {
          view.setTabFocusMode(LEAVE_MS);
          return false;
        },
      },
      {
        key: 'Mod-z',
        run: () => Boolean(know().undo) && (know().undo?.(), true),
      },
      {
        key: 'Mod-y',
        mac: 'Mod-Shift-z',
        run: () => Boolean(know().redo) && (know().redo?.(), true),
      },
      {
        key: 'Mod-Shift-z',
        run: () => Boolean(know().redo) && (know().redo?.(), true),
      },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...lintKeymap,
      ...historyKeymap,
      indentWithTab,
      ...defaultKeymap,
    ]),
  ];
}

function complete(
  context: CompletionContext,
  know: Knowledge,
): CompletionResult | null {
  const text = context.state.doc.toString();
  const touched = context.matchBefore(/[\w./@-]+$/);
  const before = context.matchBefore(/[^\n]*$/)?.text ?? '';
  // Unasked only where something is being written, not in every blank line.
  if (!context.explicit && !touched && !/[:{[,-]\s$/.test(before)) return null;
  const found = suggestionsAt(text, context.pos, know.schema(text), path =>
    know.suggest(fieldOf(path)),
  );
  if (!found) return null;
  return {
    from: found.from,
    to: found.to,
    options: found.options.map(option => ({
      label: option.label,
      detail: option.required ? know.texts.required : undefined,
      info: helpOn(option.path, text, know) || undefined,
      boost: option.required ? 1 : 0,
      apply: (view, _completion, from, to) => {
        view.dispatch({
          changes: { from, to, insert: option.insert },
          selection: { anchor: from + (option.cursor ?? option.insert.length) },
          userEvent: 'input.complete',
          scrollIntoView: true,
        });
        if (option.kind === 'key') startCompletion(view);
      },
    })),
    validFor: /^[\w./@-]*$/,
  };
}

function hover(view: EditorView, offset: number, know: Knowledge) {
  const text = view.state.doc.toString();
  const path = pathAt(text, offset);
  const help = path.length > 0 ? helpOn(path, text, know) : '';
  if (!help) return null;
  const word = view.state.wordAt(offset);
  return {
    pos: word?.from ?? offset,
    end: word?.to,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'cm-help';
      dom.textContent = help;
      return { dom };
    },
  };
}
