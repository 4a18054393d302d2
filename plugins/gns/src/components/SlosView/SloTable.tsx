import { type SloSummary } from '@isthmus/plugin-gns-common';
import { useWide } from '../../diff/useWide';
import { useGnsTranslation } from '../../useGnsTranslation';
import { useRowWindow } from '../../slo/useRowWindow';
import { SloRow } from './SloRow';
import styles from './slosView.module.css';

/** Pixels: of a row of a table, and of a row as a card where there is no room. */
const ROW = 68;
const CARD = 158;
const NARROWEST_TABLE = 900;

/**
 * Objectives in rows, of which only those in sight are drawn: a thousand
 * scroll as ten do. Where the page is narrow each row is a card.
 */
export function SloTable(props: { rows: SloSummary[]; withGns: boolean }) {
  const { t } = useGnsTranslation();
  const { rows } = props;
  const [frame, wide] = useWide(NARROWEST_TABLE);
  const rowHeight = wide ? ROW : CARD;
  const { scroller, first, end } = useRowWindow({
    count: rows.length,
    rowHeight,
  });
  const columns = [
    t('slos.state'),
    t('slos.objective'),
    t('slos.compliance'),
    t('slos.budget'),
    t('slos.burn'),
    t('slos.trend'),
    t('slos.owner'),
  ];
  return (
    <div ref={frame}>
      <div
        ref={scroller}
        className={
          wide ? styles.scroller : `${styles.scroller} ${styles.cards}`
        }
        role="region"
        aria-label={t('slos.list')}
        // The keyboard can scroll only what it can focus.
        tabIndex={0} // eslint-disable-line jsx-a11y/no-noninteractive-tabindex
      >
        <div
          role="table"
          aria-label={t('slos.list')}
          aria-rowcount={rows.length + 1}
        >
          <div role="rowgroup" className={styles.head}>
            <div role="row" aria-rowindex={1} className={styles.row}>
              {columns.map(label => (
                <span key={label} role="columnheader">
                  {label}
                </span>
              ))}
            </div>
          </div>
          <div
            role="rowgroup"
            className={styles.body}
            style={{ height: rows.length * rowHeight }}
          >
            {rows.slice(first, end).map((row, i) => (
              <SloRow
                key={`${row.gns}/${row.name}`}
                row={row}
                index={first + i}
                top={(first + i) * rowHeight}
                height={rowHeight}
                withGns={props.withGns}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}
