import { EDGE_COUNTS } from '@isthmus/plugin-gns-common';
import type { CountColumns } from '../merge/EdgeSums';
import { times, type ByteReader, type ByteWriter } from './bytes';

/** A column of counts: a leading 0 says that all are zero. */
function writeCounts(writer: ByteWriter, values: readonly number[]): void {
  if (values.every(value => value === 0)) {
    writer.uint(0);
    return;
  }
  writer.uint(1);
  for (const value of values) writer.count(value);
}

function readCounts(reader: ByteReader, length: number): number[] {
  if (reader.uint() === 0) return new Array(length).fill(0);
  const values: number[] = new Array(length);
  for (let i = 0; i < length; i += 1) values[i] = reader.count();
  return values;
}

/** Buckets that count nothing are passed over. */
function writeBuckets(
  writer: ByteWriter,
  counts: readonly number[],
  from: number,
  to: number,
): void {
  let filled = 0;
  for (let i = from; i < to; i += 1) if (counts[i] > 0) filled += 1;
  writer.uint(filled);
  let next = from;
  for (let i = from; i < to; i += 1) {
    if (!(counts[i] > 0)) continue;
    writer.uint(i - next);
    writer.count(counts[i]);
    next = i + 1;
  }
}

function readBuckets(
  reader: ByteReader,
  counts: number[],
  length: number,
): void {
  const from = counts.length;
  for (let i = 0; i < length; i += 1) counts.push(0);
  let at = from;
  for (let filled = reader.uint(); filled > 0; filled -= 1) {
    at += reader.uint();
    counts[at] = reader.count();
    at += 1;
  }
}

/** Counts, in the order of `EDGE_COUNTS`, then outcomes and durations. */
export function writeCountColumns(
  writer: ByteWriter,
  columns: CountColumns,
): void {
  const { outcomes, durations } = columns;
  for (const name of EDGE_COUNTS) writeCounts(writer, columns[name]);
  writer.uint(outcomes.edge.length);
  for (const value of outcomes.edge) writer.uint(value);
  for (const value of outcomes.code) writer.uint(value);
  writeCounts(writer, outcomes.count);
  writer.uint(durations.layouts.length);
  for (const layout of durations.layouts) {
    writer.uint(layout.length);
    for (const edge of layout) writer.double(edge);
  }
  writer.uint(durations.edge.length);
  let offset = 0;
  durations.edge.forEach((edge, i) => {
    const end = offset + durations.layouts[durations.layout[i]].length + 1;
    writer.uint(edge);
    writer.uint(durations.outcome[i]);
    writer.uint(durations.layout[i]);
    writeBuckets(writer, durations.counts, offset, end);
    offset = end;
  });
}

/** Reads what {@link writeCountColumns} wrote, of `length` rows. */
export function readCountColumns(
  reader: ByteReader,
  length: number,
): CountColumns {
  const uint = () => reader.uint();
  const counts = () => readCounts(reader, length);
  const columns: CountColumns = {
    // In the order of EDGE_COUNTS.
    disconnected: counts(),
    mtls: counts(),
    plaintext: counts(),
    durationSumMs: counts(),
    bytesToServer: counts(),
    bytesToClient: counts(),
    connectionsOpened: counts(),
    connectionsClosed: counts(),
    outcomes: { edge: [], code: [], count: [] },
    durations: { layouts: [], edge: [], outcome: [], layout: [], counts: [] },
  };
  const { outcomes, durations } = columns;
  const ofOutcomes = uint();
  outcomes.edge = times(ofOutcomes, uint);
  outcomes.code = times(ofOutcomes, uint);
  outcomes.count = readCounts(reader, ofOutcomes);
  durations.layouts = times(uint(), () => times(uint(), () => reader.double()));
  for (let left = uint(); left > 0; left -= 1) {
    durations.edge.push(uint());
    durations.outcome.push(uint());
    const layout = uint();
    durations.layout.push(layout);
    readBuckets(reader, durations.counts, durations.layouts[layout].length + 1);
  }
  return columns;
}
