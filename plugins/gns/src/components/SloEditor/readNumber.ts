/** A number as somebody typed it, with a comma or a point; what is none stays text, nothing is nothing. */
export function readNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  return /^-?\d+([.,]\d*)?$/.test(trimmed)
    ? Number(trimmed.replace(',', '.'))
    : trimmed;
}
