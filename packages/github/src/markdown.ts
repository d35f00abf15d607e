/**
 * Somebody else's text in a job summary: every character that Markdown or HTML could act on becomes an entity, which GitHub
 * shows as itself. Line breaks become spaces, so that a text cannot leave its table cell.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n\u2028\u2029]+/g, ' ')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '\u{FFFD}')
    .replace(/[&<>"'`*_~|[\]()#@!\\$+{}^=]|:(?=\/\/)/g, character => `&#${character.charCodeAt(0)};`);
}

/** A word in typewriter letters, safe in a table too. */
export function code(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`;
}

/** Lines in typewriter letters, as they are. */
export function codeBlock(lines: readonly string[]): string {
  return `<pre>${lines.map(escapeMarkdown).join('\n')}</pre>\n`;
}

/** Cells are Markdown already: pass foreign text through `escapeMarkdown` or `code`. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return `\n${line(headers)}${line(headers.map(() => '---'))}${rows.map(line).join('')}\n`;
}

/** A block that opens on a click; `body` is Markdown. */
export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>\n`;
}

/** GitHub drops a summary over 1 MiB whole. */
const MAX_SUMMARY_BYTES = 1024 * 1024;
const CUT_NOTE = '\n\n_The summary was cut here: GitHub shows at most 1 MiB._\n';

/** The longest run of whole lines that GitHub will show, with blocks closed that the cut left open. */
export function cutSummary(markdown: string, limit = MAX_SUMMARY_BYTES): string {
  return cutMarkdown(markdown, limit, CUT_NOTE);
}

/** The same for any limit in bytes, with a note of what was cut. */
export function cutMarkdown(markdown: string, limit: number, note: string): string {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const room = limit - Buffer.byteLength(note) - 100;
  const cut = Buffer.from(markdown).subarray(0, room).toString();
  const whole = cut.slice(0, cut.lastIndexOf('\n') + 1);
  const open = (tag: string): number => whole.split(`<${tag}>`).length - whole.split(`</${tag}>`).length;
  return `${whole}${'</pre>'.repeat(Math.max(0, open('pre')))}${'\n</details>'.repeat(Math.max(0, open('details')))}${note}`;
}

/**
 * Markdown of a summary for a comment, where a name after an `@` is called and a number after a `#` is linked from there: what
 * somebody wrote into a manifest calls nobody.
 */
export function quietMarkdown(markdown: string): string {
  const calls = ['@', '#', '&#64;', '&#35;'];
  return markdown.replaceAll(/&#\d+;|[@#](?=\w)/g, sign => (calls.includes(sign) ? `${sign}&#8203;` : sign));
}
