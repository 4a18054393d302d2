import { KubeError } from './KubeApi';
import { jsonLines } from './jsonLines';
import { parseWatchEvent, readStatus } from './wire';

async function linesOf(chunks: string[]): Promise<unknown[]> {
  const lines: unknown[] = [];
  async function* body() {
    for (const chunk of chunks) yield Buffer.from(chunk, 'latin1');
  }
  for await (const line of jsonLines(body())) lines.push(line);
  return lines;
}

describe('a watch', () => {
  it('is read line by line, wherever the chunks are cut', async () => {
    const text = Buffer.from('{"a":"é"}\n{"b":2}\n\n{"c":3}').toString(
      'latin1',
    );
    for (let cut = 0; cut <= text.length; cut += 1) {
      expect(await linesOf([text.slice(0, cut), text.slice(cut)])).toEqual([
        { a: 'é' },
        { b: 2 },
        { c: 3 },
      ]);
    }
  });

  it('that is no JSON is an error', async () => {
    await expect(linesOf(['<html>\n'])).rejects.toThrow(SyntaxError);
  });

  it('tells with an ERROR event that it is too old', () => {
    const read = () =>
      parseWatchEvent({
        type: 'ERROR',
        object: {
          kind: 'Status',
          code: 410,
          reason: 'Expired',
          message: 'old',
        },
      });
    expect(read).toThrow(KubeError);
    expect(read).toThrow(expect.objectContaining({ isExpired: true }));
  });
});

describe('a refusal of the API server', () => {
  it('tells a conflict of field managers from others', () => {
    const conflict = (causes: object[]) =>
      readStatus(
        409,
        JSON.stringify({ message: 'conflict', details: { causes } }),
      ).isFieldConflict;
    expect(conflict([{ reason: 'FieldManagerConflict' }])).toBe(true);
    expect(conflict([])).toBe(false);
  });

  it('shows the text of a proxy that answers no Status', () => {
    expect(readStatus(502, '<html>bad gateway</html>', '7')).toMatchObject({
      status: 502,
      message: '<html>bad gateway</html>',
      retryAfter: 7,
    });
  });
});
