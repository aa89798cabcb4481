/** Prints a Markdown table. */
export function table(title, head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  console.log([`### ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n'));
}
