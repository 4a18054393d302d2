import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useGnsTranslation } from '../useGnsTranslation';
import { extensions, fieldOf, helpOn, type Knowledge } from './extensions';
import { schemaOfKind } from './jsonSchema';
import { locateProblems } from './locateProblem';
import { pathAt } from './placeAt';
import { ProblemList } from './ProblemList';
import { smallestChange } from './smallestChange';
import { type YamlEditorProps } from './YamlEditor';
import styles from './yamlEditor.module.css';

/** Marks a change that came from outside: its owner knows it already. */
const fromOutside = Annotation.define<boolean>();
const KIND = /^kind:\s*["']?(\w+)/m;
const HELP_DELAY_MS = 120;

/** The editor itself; use it through `YamlEditor`, which loads it. */
export function CodeMirrorEditor(props: YamlEditorProps) {
  const { t } = useGnsTranslation();
  const hint = useId();
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView>();
  const [cursor, setCursor] = useState({ line: 1, column: 1, offset: 0 });
  const settings = useMemo(() => new Compartment(), []);
  const { value, label, problems = [], onChange } = props;

  const know: Knowledge = {
    schema: text => schemaOfKind(props.kind ?? KIND.exec(text)?.[1]),
    describe: field => props.describe?.(field),
    suggest: field => props.suggest?.(field) ?? [],
    undo: props.onUndo,
    redo: props.onRedo,
    texts: { required: t('editor.required') },
  };
  const latest = useRef({ know, onChange, value });
  latest.current = { know, onChange, value };

  useEffect(() => {
    const made = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          settings.of([]),
          extensions(() => latest.current.know),
          EditorView.updateListener.of(update => {
            if (
              update.docChanged &&
              !update.transactions.some(one => one.annotation(fromOutside))
            ) {
              latest.current.onChange?.(update.state.doc.toString());
            }
            if (update.docChanged || update.selectionSet) {
              const offset = update.state.selection.main.head;
              const line = update.state.doc.lineAt(offset);
              setCursor({
                line: line.number,
                column: offset - line.from + 1,
                offset,
              });
            }
          }),
        ],
      }),
    });
    setView(made);
    return () => {
      made.destroy();
      setView(undefined);
    };
  }, [settings]);

  useEffect(() => {
    view?.dispatch({
      effects: settings.reconfigure([
        EditorState.readOnly.of(!onChange),
        EditorView.contentAttributes.of({
          'aria-label': label,
          'aria-describedby': hint,
          // Named, so that it counts as the way of the keyboard into what scrolls.
          tabindex: '0',
        }),
        EditorState.phrases.of({
          Completions: t('editor.completions'),
          Diagnostics: t('editor.problems'),
          'No diagnostics': t('editor.noProblems'),
          'Control character': t('editor.controlCharacter'),
          close: t('editor.close'),
        }),
      ]),
    });
    // The words of `t` change with the language only.
  }, [view, settings, label, hint, onChange === undefined, t]); // eslint-disable-line react-hooks/exhaustive-deps

  useEffect(() => {
    if (!view) return;
    const changes = smallestChange(view.state.doc.toString(), value);
    if (changes) view.dispatch({ changes, annotations: fromOutside.of(true) });
  }, [view, value]);

  const places = useMemo(
    () => locateProblems(value, problems),
    [value, problems],
  );
  useEffect(() => {
    if (!view || view.state.doc.toString() !== value) return;
    view.dispatch(
      setDiagnostics(
        view.state,
        problems.map((problem, i) => ({
          ...places[i],
          severity: problem.severity,
          message: `${problem.message} ${problem.remedy}`,
        })),
      ),
    );
  }, [view, value, problems, places]);

  const help = useHelp(value, cursor.offset, know);
  return (
    <div className={styles.frame}>
      <div
        ref={host}
        className={styles.text}
        style={{ height: props.height }}
      />
      <div className={styles.footer}>
        <div className={styles.help}>
          {help.field ? (
            <code className={styles.field}>{help.field}</code>
          ) : null}
          {help.text}
        </div>
        <div className={styles.keys}>
          {t('editor.position', {
            line: String(cursor.line),
            column: String(cursor.column),
          })}
          {' · '}
          <span id={hint}>
            {onChange ? t('editor.keys') : t('editor.readOnly')}
          </span>
        </div>
      </div>
      <ProblemList
        problems={problems}
        lines={places.map(
          ({ from }) => value.slice(0, from).split('\n').length,
        )}
        onSelect={i => {
          if (!view) return;
          const { from } = places[i];
          view.dispatch({
            selection: { anchor: Math.min(from, view.state.doc.length) },
            scrollIntoView: true,
          });
          view.focus();
        }}
      />
    </div>
  );
}

/** Help on the field in which the cursor stands, once it rests. */
function useHelp(value: string, offset: number, know: Knowledge) {
  const [shown, setShown] = useState({ field: '', text: '' });
  const latest = useRef(know);
  latest.current = know;
  useEffect(() => {
    const timer = setTimeout(() => {
      const path = pathAt(value, offset);
      setShown({
        field: fieldOf(path),
        text: path.length > 0 ? helpOn(path, value, latest.current) : '',
      });
    }, HELP_DELAY_MS);
    return () => clearTimeout(timer);
  }, [value, offset]);
  return shown;
}
