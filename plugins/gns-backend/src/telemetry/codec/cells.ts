import type { CountColumns } from '../merge/EdgeSums';
import { ByteReader, ByteWriter, times } from './bytes';
import { readCountColumns, writeCountColumns } from './counts';

/** First byte of what {@link encodeCells} makes; grows with its form. */
const VERSION = 1;

/**
 * Increments: a row is one service, seen by its callers or its servers, in one
 * cell of a period. Element i of every list belongs to row i; `edge` in the
 * counts is the row.
 */
export interface Cells {
  readonly services: readonly string[];
  /** Place in `services`. */
  readonly service: readonly number[];
  /** 0: client, 1: server. */
  readonly view: readonly number[];
  /** Number of the slice within the period. */
  readonly cell: readonly number[];
  readonly columns: CountColumns;
}

export function encodeCells(cells: Cells): Buffer {
  const writer = new ByteWriter();
  writer.uint(VERSION);
  writer.uint(cells.services.length);
  for (const service of cells.services) writer.text(service);
  writer.uint(cells.cell.length);
  cells.cell.forEach((cell, i) => {
    writer.uint(cells.service[i]);
    writer.uint(cell * 2 + cells.view[i]);
  });
  writeCountColumns(writer, cells.columns);
  return writer.done();
}

/** @throws RangeError when the bytes are not what {@link encodeCells} makes */
export function decodeCells(stored: Buffer): Cells {
  const reader = new ByteReader(stored);
  const version = reader.uint();
  if (version !== VERSION) {
    throw new RangeError(
      `Stored increments have form ${version}, which this version cannot read`,
    );
  }
  const services = times(reader.uint(), () => reader.text());
  const length = reader.uint();
  const service: number[] = [];
  const view: number[] = [];
  const cell: number[] = [];
  for (let i = 0; i < length; i += 1) {
    service.push(reader.uint());
    const both = reader.uint();
    view.push(both % 2);
    cell.push(Math.floor(both / 2));
  }
  return {
    services,
    service,
    view,
    cell,
    columns: readCountColumns(reader, length),
  };
}
