import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import {
  Button,
  ButtonIcon,
  ToggleButton,
  ToggleButtonGroup,
} from '@backstage/ui';
import { RiArrowGoBackLine, RiArrowGoForwardLine } from '@remixicon/react';
import { type Problem } from '@isthmus/plugin-gns-common';
import { useWide } from '../../diff/useWide';
import { type DefinitionText } from '../../editing/useDefinitionText';
import { YamlEditor } from '../../editor/YamlEditor';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useAge } from '../state/RelativeTime';
import styles from './definitionEditor.module.css';

/** Below this width, pixels, form and YAML do not fit beside each other. */
const NARROWEST_PAIR = 1000;

/** A form and YAML beside each other, in step: both are views of one text. */
export function EditorFrame(props: {
  name: string;
  definition: DefinitionText;
  /** Found by the hub for the text as it is. */
  foundByHub: readonly Problem[];
  onReview: () => void;
  /** The form; it shows no problem before somebody touched it. */
  form: (problems: readonly Problem[]) => ReactNode;
  /** Help on a field; absent: the schema's own words. */
  describe: (field: string) => string | undefined;
  suggest: (field: string) => readonly string[];
}) {
  const { t } = useGnsTranslation();
  const { definition, name } = props;
  const { checked, text } = definition;
  const [frame, wide] = useWide(NARROWEST_PAIR);
  const [shown, setShown] = useState<'form' | 'yaml'>('form');
  const [asked, setAsked] = useState(false);
  const form = useRef<HTMLDivElement>(null);

  const problems = [...checked.problems, ...props.foundByHub];
  const errors = problems.filter(one => one.severity === 'error').length;
  // A form that nobody has touched is not full of mistakes.
  const calm = !definition.changed && !definition.base && !asked;

  const review = () => {
    setAsked(true);
    if (errors === 0 && definition.changed) {
      props.onReview();
      return;
    }
    // Where the first mistake is, is where to go on.
    setTimeout(() => {
      const invalid = form.current?.querySelector<HTMLElement>(
        '[aria-invalid="true"]',
      );
      invalid?.focus();
    }, 0);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) definition.undo();
    else if (key === 'y' || (key === 'z' && event.shiftKey)) definition.redo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const formPane = (
    <div ref={form} className={styles.pane}>
      {props.form(calm ? [] : problems)}
    </div>
  );
  const yamlPane = (
    <div className={`${styles.pane} ${styles.yaml}`}>
      <YamlEditor
        label={t('editing.yamlLabel', { name: name || '…' })}
        value={text}
        onChange={next => definition.setText(next, 'yaml')}
        problems={calm ? [] : problems}
        describe={props.describe}
        suggest={props.suggest}
        onUndo={definition.undo}
        onRedo={definition.redo}
        height={wide ? 620 : 460}
      />
    </div>
  );

  return (
    // Undo works wherever the focus is: fields have no undo of their own here.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={frame} onKeyDownCapture={onKeyDown}>
      <div className={styles.bar}>
        <span className={styles.tools}>
          <ButtonIcon
            size="small"
            variant="secondary"
            aria-label={t('editing.undo')}
            icon={<RiArrowGoBackLine />}
            isDisabled={!definition.canUndo}
            onPress={definition.undo}
          />
          <ButtonIcon
            size="small"
            variant="secondary"
            aria-label={t('editing.redo')}
            icon={<RiArrowGoForwardLine />}
            isDisabled={!definition.canRedo}
            onPress={definition.redo}
          />
          {wide ? null : (
            <ToggleButtonGroup
              aria-label={t('editing.shownAs')}
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[shown]}
              onSelectionChange={keys =>
                setShown(new Set(keys).has('yaml') ? 'yaml' : 'form')
              }
            >
              <ToggleButton id="form" size="small">
                {t('editing.form')}
              </ToggleButton>
              <ToggleButton id="yaml" size="small">
                {t('editing.yaml')}
              </ToggleButton>
            </ToggleButtonGroup>
          )}
          <DraftState definition={definition} />
        </span>
        <span className={styles.tools}>
          <span className={styles.quiet} role="status">
            {asked && errors > 0 ? t('editing.mend', { count: errors }) : ''}
            {asked && errors === 0 && !definition.changed
              ? t('editing.unchanged')
              : ''}
          </span>
          <Button onPress={review}>{t('editing.toReview')}</Button>
        </span>
      </div>
      <div className={wide ? styles.pair : styles.one}>
        {wide || shown === 'form' ? formPane : null}
        {wide || shown === 'yaml' ? yamlPane : null}
      </div>
    </div>
  );
}

function DraftState(props: { definition: DefinitionText }) {
  const { t } = useGnsTranslation();
  const age = useAge();
  const { keptAt, keepError, changed } = props.definition;
  if (keepError) {
    return (
      <span className={styles.bad} role="alert">
        {t('editing.draftFailed', { message: keepError.message })}
      </span>
    );
  }
  if (!changed) {
    return <span className={styles.quiet}>{t('editing.draftNone')}</span>;
  }
  return (
    <span className={styles.quiet}>
      {keptAt === undefined
        ? '…'
        : t('editing.draftKept', { age: age(keptAt) })}
    </span>
  );
}
