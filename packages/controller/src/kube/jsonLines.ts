import { StringDecoder } from 'node:string_decoder';

/** Longest line of a watch that is accepted, in characters: etcd holds 1.5 MiB. */
const MAX_LINE = 16 * 1024 * 1024;

/**
 * The JSON values of a stream with one per line, as a watch sends them.
 * Throws SyntaxError for a line that is not JSON, RangeError for an endless one.
 */
export async function* jsonLines(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<unknown> {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  for await (const chunk of body) {
    pending += decoder.write(Buffer.from(chunk));
    let end = pending.indexOf('\n');
    if (end === -1) {
      if (pending.length > MAX_LINE) {
        throw new RangeError(
          `A watch sent a line of more than ${MAX_LINE} characters; is a proxy in the way of the API server?`,
        );
      }
      continue;
    }
    let start = 0;
    while (end !== -1) {
      const line = pending.slice(start, end).trim();
      if (line) yield JSON.parse(line);
      start = end + 1;
      end = pending.indexOf('\n', start);
    }
    pending = pending.slice(start);
  }
  if (pending.trim()) yield JSON.parse(pending);
}
