import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { SliceEdges } from '@isthmus/plugin-gns-common';
import { ByteReader, ByteWriter, times } from './bytes';
import { readCountColumns, writeCountColumns } from './counts';

const deflate = promisify<Buffer, { level: number }, Buffer>(deflateRaw);
const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(
  inflateRaw,
);

/** First byte of what {@link encodeEdges} makes; grows with its form. */
const VERSION = 1;
/** Text repeats; numbers hardly do: more effort would gain little. */
const LEVEL = 3;
const MAX_BYTES = 256 * 1024 * 1024;

function writeIndices(writer: ByteWriter, values: readonly number[]): void {
  for (const value of values) writer.uint(value + 1);
}

function readIndices(reader: ByteReader, length: number): number[] {
  const values: number[] = new Array(length);
  for (let i = 0; i < length; i += 1) values[i] = reader.uint() - 1;
  return values;
}

/** The columns of a slice in few bytes. */
export function packColumns(edges: SliceEdges): Buffer {
  const writer = new ByteWriter();
  const { workloads, services } = edges;
  writer.uint(VERSION);
  writer.uint(edges.text.length);
  for (const text of edges.text) writer.text(text);
  writer.uint(workloads.namespace.length);
  for (const key of ['cluster', 'namespace', 'name', 'app', 'version'] as const)
    writeIndices(writer, workloads[key]);
  writer.uint(services.host.length);
  for (const key of ['host', 'name', 'namespace'] as const)
    writeIndices(writer, services[key]);
  writer.uint(edges.view.length);
  edges.view.forEach((view, i) => writer.uint(view * 4 + edges.protocol[i]));
  for (const key of ['source', 'destination', 'service'] as const)
    writeIndices(writer, edges[key]);
  writeCountColumns(writer, edges);
  return writer.done();
}

/** @throws RangeError when the bytes are not what {@link packColumns} makes */
export function unpackColumns(buffer: Buffer): SliceEdges {
  const reader = new ByteReader(buffer);
  const uint = () => reader.uint();
  const version = uint();
  if (version !== VERSION) {
    throw new RangeError(
      `Stored edges have form ${version}, which this version cannot read`,
    );
  }
  const text = times(uint(), () => reader.text());
  const ofWorkloads = uint();
  const workloads = {
    cluster: readIndices(reader, ofWorkloads),
    namespace: readIndices(reader, ofWorkloads),
    name: readIndices(reader, ofWorkloads),
    app: readIndices(reader, ofWorkloads),
    version: readIndices(reader, ofWorkloads),
  };
  const ofServices = uint();
  const services = {
    host: readIndices(reader, ofServices),
    name: readIndices(reader, ofServices),
    namespace: readIndices(reader, ofServices),
  };
  const length = uint();
  const kinds = times(length, uint);
  return {
    text,
    workloads,
    services,
    view: kinds.map(kind => Math.floor(kind / 4)),
    protocol: kinds.map(kind => kind % 4),
    source: readIndices(reader, length),
    destination: readIndices(reader, length),
    service: readIndices(reader, length),
    ...readCountColumns(reader, length),
  };
}

/** What is stored of the edges of a slice. */
export async function encodeEdges(edges: SliceEdges): Promise<Buffer> {
  return deflate(packColumns(edges), { level: LEVEL });
}

/** @throws RangeError, or zlib's error, when the bytes are not what {@link encodeEdges} makes */
export async function decodeEdges(stored: Buffer): Promise<SliceEdges> {
  return unpackColumns(await inflate(stored, { maxOutputLength: MAX_BYTES }));
}
