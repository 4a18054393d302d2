import { element } from '../der/encode';

/** One element: bytes, or elements. */
export interface DerNode {
  tag: number;
  content: Buffer | DerNode[];
}

/** Any DER as a tree; undefined when it is none. */
export function readTree(der: Buffer): DerNode[] | undefined {
  const nodes: DerNode[] = [];
  let at = 0;
  while (at < der.length) {
    const tag = der[at];
    let length = der[at + 1];
    let start = at + 2;
    if (length === undefined) return undefined;
    if (length >= 0x80) {
      const count = length - 0x80;
      if (count < 1 || count > 3) return undefined;
      length = der.readUIntBE(start, count);
      start += count;
    }
    const content = der.subarray(start, start + length);
    if (content.length < length) return undefined;
    const inner = tag & 0x20 ? readTree(content) : undefined;
    nodes.push({ tag, content: inner ?? content });
    at = start + length;
  }
  return nodes;
}

export function writeTree(nodes: readonly DerNode[]): Buffer {
  return Buffer.concat(
    nodes.map(({ tag, content }) =>
      element(tag, Buffer.isBuffer(content) ? content : writeTree(content)),
    ),
  );
}

/** All elements with the list that each stands in, from the outermost on. */
export function everyNode(
  nodes: DerNode[],
): Array<{ node: DerNode; list: DerNode[] }> {
  return nodes.flatMap(node => [
    { node, list: nodes },
    ...(Buffer.isBuffer(node.content) ? [] : everyNode(node.content)),
  ]);
}
