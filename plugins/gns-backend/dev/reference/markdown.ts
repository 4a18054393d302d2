/** A Markdown table; cells are escaped, so that no text ends one. */
export function table(head: string[], rows: string[][]): string {
  const cell = (text: string) =>
    text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
  return [head, head.map(() => '---'), ...rows]
    .map(row => `| ${row.map(cell).join(' | ')} |`)
    .join('\n');
}

export const code = (text: string) => `\`${text}\``;

/** A page: its title, where it comes from, its parts. */
export function page(title: string, source: string, parts: string[]): string {
  return `${[
    `# ${title}`,
    `<!-- Written by \`yarn reference\` from ${source}: change that, not this. -->`,
    ...parts,
  ].join('\n\n')}\n`;
}
