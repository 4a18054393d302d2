import { type ReactNode, useMemo, useState } from 'react';
import { RiArrowDownLine, RiArrowUpLine } from '@remixicon/react';
import { useLanguage } from '../../components/state/RelativeTime';
import tableStyles from '../../components/state/dataTable.module.css';
import { sortRows, type SortOrder, type SortValue } from './sortRows';
import styles from './table.module.css';

export interface SortColumn<T> {
  id: string;
  label: string;
  value: (row: T) => SortValue;
  cell: (row: T) => ReactNode;
  isNumber?: boolean;
}

/** Rows beyond these wait until they are asked for. */
const PAGE = 200;

/** A table that sorts by any column and opens a row; all by keyboard too. */
export function SortTable<T>(props: {
  label: string;
  columns: readonly SortColumn<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  initial: SortOrder;
  selected?: string;
  isDim?: (row: T) => boolean;
  onSelect: (key: string) => void;
  more: (hidden: number) => string;
}) {
  const { columns, rows, rowKey, selected, onSelect, isDim } = props;
  const language = useLanguage();
  const [order, setOrder] = useState(props.initial);
  const [shown, setShown] = useState(PAGE);
  const sorted = useMemo(() => {
    const column = columns.find(one => one.id === order.column);
    return column
      ? sortRows(rows, column.value, order.direction, language)
      : [...rows];
  }, [rows, columns, order, language]);
  const toggle = (column: SortColumn<T>) =>
    setOrder(now => {
      const first = column.isNumber ? 'descending' : 'ascending';
      const other = column.isNumber ? 'ascending' : 'descending';
      return {
        column: column.id,
        direction:
          now.column === column.id && now.direction === first ? other : first,
      };
    });
  const hidden = sorted.length - shown;
  return (
    <div
      className={tableStyles.scroll}
      role="region"
      aria-label={props.label}
      // The keyboard can scroll only what it can focus.
      tabIndex={0} // eslint-disable-line jsx-a11y/no-noninteractive-tabindex
    >
      <table className={tableStyles.table} aria-label={props.label}>
        <thead>
          <tr>
            {columns.map(column => {
              const isSorted = order.column === column.id;
              const Arrow =
                order.direction === 'ascending'
                  ? RiArrowUpLine
                  : RiArrowDownLine;
              return (
                <th
                  key={column.id}
                  scope="col"
                  aria-sort={isSorted ? order.direction : 'none'}
                >
                  <button
                    type="button"
                    className={styles.sort}
                    onClick={() => toggle(column)}
                  >
                    {column.label}
                    {isSorted ? <Arrow size={14} aria-hidden /> : null}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shown).map(row => {
            const key = rowKey(row);
            return (
              <tr
                key={key}
                className={[
                  selected === key ? styles.selected : '',
                  isDim?.(row) ? styles.dim : '',
                ].join(' ')}
              >
                {columns.map((column, i) =>
                  i === 0 ? (
                    <th key={column.id} scope="row">
                      <button
                        type="button"
                        className={styles.open}
                        aria-pressed={selected === key}
                        onClick={() => onSelect(key)}
                      >
                        {column.cell(row)}
                      </button>
                    </th>
                  ) : (
                    <td
                      key={column.id}
                      className={
                        column.isNumber ? tableStyles.number : undefined
                      }
                    >
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {hidden > 0 ? (
        <button
          type="button"
          className={styles.more}
          onClick={() => setShown(now => now + PAGE)}
        >
          {props.more(hidden)}
        </button>
      ) : null}
    </div>
  );
}
