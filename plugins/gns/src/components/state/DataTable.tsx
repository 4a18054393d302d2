import { type ReactNode } from 'react';
import styles from './dataTable.module.css';

/** One column; the first one is the header of its row. */
export interface DataColumn<T> {
  id: string;
  label: string;
  cell: (item: T) => ReactNode;
}

/**
 * A plain table whose cells take as many lines as they need and which scrolls
 * sideways when it must. The table of `@backstage/ui` cuts every cell to one
 * line, which would hide what several clusters say about one row.
 */
export function DataTable<T>(props: {
  label: string;
  columns: readonly DataColumn<T>[];
  rows: readonly T[];
  rowKey: (item: T) => string;
}) {
  const { columns, rows, rowKey } = props;
  return (
    <div
      className={styles.scroll}
      role="region"
      aria-label={props.label}
      // The keyboard can scroll only what it can focus.
      tabIndex={0} // eslint-disable-line jsx-a11y/no-noninteractive-tabindex
    >
      <table className={styles.table} aria-label={props.label}>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column.id} scope="col">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={rowKey(row)}>
              {columns.map((column, i) =>
                i === 0 ? (
                  <th key={column.id} scope="row">
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id}>{column.cell(row)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
