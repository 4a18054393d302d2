import { Fragment, useMemo, useState } from 'react';
import { ToggleButton, ToggleButtonGroup, VisuallyHidden } from '@backstage/ui';
import { useGnsTranslation } from '../useGnsTranslation';
import { type Block, foldUnchanged, lineDiff, type Side } from './lineDiff';
import { useWide } from './useWide';
import styles from './diffView.module.css';

export interface DiffViewProps {
  before: string;
  after: string;
  /** What is compared, for screen readers. */
  label: string;
  /** Names of the two texts. */
  beforeLabel?: string;
  afterLabel?: string;
  /** Lines that stay around a change; the rest is folded. */
  context?: number;
}

/** Below this width, pixels, two texts do not fit beside each other. */
const NARROWEST_PAIR = 720;

/**
 * Two texts compared, in one column or side by side. A change is marked by a
 * sign and by words for screen readers, not by colour alone.
 */
export function DiffView(props: DiffViewProps) {
  const { t } = useGnsTranslation();
  const [pair, setPair] = useState(false);
  const [frame, wide] = useWide(NARROWEST_PAIR);
  const { before, after, context } = props;
  const diff = useMemo(() => lineDiff(before, after), [before, after]);
  const blocks = useMemo(
    () => foldUnchanged(diff.rows, context),
    [diff, context],
  );
  const beforeLabel = props.beforeLabel ?? t('diff.before');
  const afterLabel = props.afterLabel ?? t('diff.after');
  const shown = pair && wide ? 'pair' : 'one';
  return (
    <div ref={frame} className={styles.frame}>
      <div className={styles.bar}>
        <span className={styles.counts}>
          {diff.added + diff.removed === 0
            ? t('diff.same')
            : t('diff.counts', {
                added: String(diff.added),
                removed: String(diff.removed),
              })}
        </span>
        {wide ? (
          <ToggleButtonGroup
            aria-label={t('diff.shownAs')}
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={[shown]}
            onSelectionChange={keys => setPair(new Set(keys).has('pair'))}
          >
            <ToggleButton id="one" size="small">
              {t('diff.one')}
            </ToggleButton>
            <ToggleButton id="pair" size="small">
              {t('diff.pair')}
            </ToggleButton>
          </ToggleButtonGroup>
        ) : null}
      </div>
      <div
        className={styles.scroll}
        role="region"
        aria-label={props.label}
        // It scrolls, so the keyboard must reach it (WCAG 2.1.1), which the rule does not know.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        <table className={styles.table} aria-label={props.label}>
          <thead>
            {shown === 'pair' ? (
              <tr>
                <th colSpan={2} scope="col">
                  {beforeLabel}
                </th>
                <th colSpan={2} scope="col">
                  {afterLabel}
                </th>
              </tr>
            ) : (
              <tr>
                <th scope="col" className={styles.number}>
                  <VisuallyHidden>
                    {t('diff.lineIn', { name: beforeLabel })}
                  </VisuallyHidden>
                </th>
                <th scope="col" className={styles.number}>
                  <VisuallyHidden>
                    {t('diff.lineIn', { name: afterLabel })}
                  </VisuallyHidden>
                </th>
                <th scope="col">{`${beforeLabel} → ${afterLabel}`}</th>
              </tr>
            )}
          </thead>
          <tbody>
            {blocks.map((block, i) => (
              <BlockRows key={i} block={block} pair={shown === 'pair'} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function BlockRows(props: { block: Block; pair: boolean }) {
  const { t } = useGnsTranslation();
  const [open, setOpen] = useState(false);
  const { block, pair } = props;
  if (block.folded && !open) {
    return (
      <tr>
        <td colSpan={pair ? 4 : 3} className={styles.fold}>
          <button type="button" onClick={() => setOpen(true)}>
            {t('diff.unchanged', { count: block.rows.length })}
          </button>
        </td>
      </tr>
    );
  }
  return pair ? <PairRows block={block} /> : <OneColumn block={block} />;
}

function PairRows(props: { block: Block }) {
  return (
    <>
      {props.block.rows.map((row, i) => (
        <tr key={i}>
          <PairCells side={row.before} mark={mark(row.kind, '−')} />
          <PairCells side={row.after} mark={mark(row.kind, '+')} />
        </tr>
      ))}
    </>
  );
}

function PairCells(props: { side?: Side; mark: Mark }) {
  if (!props.side) {
    return (
      <>
        <td className={`${styles.number} ${styles.void}`} />
        <td className={styles.void} />
      </>
    );
  }
  return (
    <>
      <td className={styles.number}>{props.side.line}</td>
      <Code side={props.side} mark={props.mark} />
    </>
  );
}

/** What goes before what comes, change by change. */
function OneColumn(props: { block: Block }) {
  const lines: { before?: number; after?: number; side: Side; mark: Mark }[] =
    [];
  let come: typeof lines = [];
  for (const row of props.block.rows) {
    if (row.kind === 'same') {
      lines.push(...come, {
        before: row.before.line,
        after: row.after.line,
        side: row.after,
        mark: ' ',
      });
      come = [];
      continue;
    }
    if (row.before) {
      lines.push({ before: row.before.line, side: row.before, mark: '−' });
    }
    if (row.after) {
      come.push({ after: row.after.line, side: row.after, mark: '+' });
    }
  }
  return (
    <>
      {[...lines, ...come].map((line, i) => (
        <Fragment key={i}>
          <tr>
            <td className={styles.number}>{line.before}</td>
            <td className={styles.number}>{line.after}</td>
            <Code side={line.side} mark={line.mark} />
          </tr>
        </Fragment>
      ))}
    </>
  );
}

type Mark = ' ' | '+' | '−';

function mark(kind: 'same' | 'changed', sign: '+' | '−'): Mark {
  return kind === 'same' ? ' ' : sign;
}

function Code(props: { side: Side; mark: Mark }) {
  const { t } = useGnsTranslation();
  const look = { ' ': '', '+': styles.added, '−': styles.removed }[props.mark];
  return (
    <td className={`${styles.code} ${look}`}>
      <span className={styles.mark} aria-hidden>
        {props.mark}
      </span>
      {props.mark === ' ' ? null : (
        <VisuallyHidden>
          {props.mark === '+' ? t('diff.added') : t('diff.removed')}
        </VisuallyHidden>
      )}
      {props.side.pieces.map((piece, i) =>
        piece.changed ? (
          <mark key={i} className={styles.word}>
            {piece.text}
          </mark>
        ) : (
          <span key={i}>{piece.text}</span>
        ),
      )}
    </td>
  );
}
