import { fitsColumn } from './column.ts';
import { escapeMarkdown } from './escape.ts';

/** A word in a monospaced font, safe in a table too. */
export function code(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

/** Lines in a monospaced font, shown as they are. */
export function codeBlock(lines: readonly string[]): string {
  return `<pre>${lines.map(escapeMarkdown).join('\n')}</pre>\n`;
}

/**
 * A table, or a list if a long word would make it wider than a comment: nothing breaks a word in a cell, and a word that were cut or
 * had something put into it could be a secret that is then masked no more.
 * Cells are Markdown already: pass text from elsewhere through `escapeMarkdown` or `code` first.
 */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  if (!fitsColumn([headers, ...rows])) return `\n${rows.map(row => listItem(headers, row)).join('')}\n`;
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return `\n${line(headers)}${line(headers.map(() => '---'))}${rows.map(line).join('')}\n`;
}

function listItem(headers: readonly string[], row: readonly string[]): string {
  const parts = row.map((cell, index) => [headers[index] ?? '', cell]).filter(([, cell]) => cell !== '');
  return `- ${parts.map(([header, cell]) => (header === '' ? cell : `${header}: ${cell}`)).join('; ')}\n`;
}

/** A block that opens on a click, or is open already; `summary` and `body` are Markdown. What follows is Markdown again only after a blank line. */
export function details(summary: string, body: string, isOpen = false): string {
  return `<details${isOpen ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n\n</details>\n\n`;
}
