/** A call of the REST API, as a person would make it. */
export interface RestCall {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below `/api/gns/v1`, with its query. */
  path: string;
  headers?: Record<string, string>;
  body?: { type: 'json' | 'yaml'; text: string };
}

const TYPES = { json: 'application/json', yaml: 'application/yaml' };

/**
 * The call as a command to paste into a shell. The token stays a variable of
 * the shell: a page never shows one.
 *
 * @param hubUrl - base URL of the plugin, without a slash at its end
 */
export function curlOf(hubUrl: string, call: RestCall): string {
  const lines = [
    [
      'curl',
      ...(call.method === 'GET' ? [] : ['-X', call.method]),
      quote(`${hubUrl}/v1${call.path}`),
    ].join(' '),
    `-H "Authorization: Bearer $TOKEN"`,
    ...Object.entries({
      ...call.headers,
      ...(call.body ? { 'Content-Type': TYPES[call.body.type] } : {}),
    }).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
  ];
  if (!call.body) return lines.join(' \\\n  ');
  const text = call.body.text.replace(/\n+$/, '');
  // A text of one line stands in the command, others come from its standard input.
  if (!text.includes('\n')) {
    return [...lines, `--data-raw ${quote(text)}`].join(' \\\n  ');
  }
  const end = endMark(text);
  return `${[...lines, `--data-binary @- <<'${end}'`].join(
    ' \\\n  ',
  )}\n${text}\n${end}`;
}

/** A word that the text does not hold as a line of its own. */
function endMark(text: string): string {
  const lines = new Set(text.split('\n'));
  let mark = 'END';
  while (lines.has(mark)) mark += '_';
  return mark;
}

/** One word for a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
