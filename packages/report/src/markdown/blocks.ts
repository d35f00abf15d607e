import { escapeMarkdown } from './escape.ts';

/** A word in a monospaced font, safe in a table too. */
export function code(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

/** Lines in a monospaced font, shown as they are. */
export function codeBlock(lines: readonly string[]): string {
  return `<pre>${lines.map(escapeMarkdown).join('\n')}</pre>\n`;
}

/** Cells are Markdown already: pass text from elsewhere through `escapeMarkdown` or `code` first. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return `\n${line(headers)}${line(headers.map(() => '---'))}${rows.map(line).join('')}\n`;
}

/** A block that opens on a click, or is open already; `summary` and `body` are Markdown. What follows is Markdown again only after a blank line. */
export function details(summary: string, body: string, isOpen = false): string {
  return `<details${isOpen ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n\n</details>\n\n`;
}
