import { withoutAddresses } from './escape.ts';

/** GitHub drops a job summary of more than 1 MiB as a whole. */
const MAX_SUMMARY_BYTES = 1024 * 1024;
const CUT_NOTE = '\n\n_The summary was cut here: GitHub shows at most 1 MiB._\n';
/** With less room than this, in bytes, a part is left out: its first lines alone would say little. */
const MIN_ROOM = 500;

/**
 * The parts of a summary as one page that GitHub will show. Each begins and ends with a blank line, so that Markdown is Markdown again
 * whatever the part before it ended with. Where they are too long, the earlier ones are cut: the last one has the outcome.
 * @param limit in bytes
 */
export function summaryPage(parts: readonly string[], limit = MAX_SUMMARY_BYTES): string {
  const shown = parts.map(part => trimLines(withoutAddresses(part))).filter(part => part !== '');
  // A note of what was left out, and the blank lines at both ends.
  let room = limit - MIN_ROOM;
  const kept: string[] = [];
  for (const part of shown.toReversed()) {
    if (room < MIN_ROOM) break;
    const text = trimLines(cutMarkdown(part, room, CUT_NOTE));
    kept.unshift(text);
    room -= Buffer.byteLength(text) + 2;
  }
  const missing = shown.length - kept.length;
  const note =
    missing === 0
      ? []
      : [`_Of the summary ${missing} earlier parts are missing: GitHub shows at most 1 MiB._`];
  return kept.length === 0 ? '' : `\n\n${[...note, ...kept].join('\n\n')}\n\n`;
}

/** Without the blank lines at its beginning and its end. Spaces at the beginning of its first line are kept. */
function trimLines(markdown: string): string {
  return markdown.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
}

/**
 * The longest run of whole lines that fits, with the blocks closed that the cut left open.
 * @param limit in bytes, the note included; at least some hundreds
 * @param note Markdown that says what was cut; it is added only if something was
 */
export function cutMarkdown(markdown: string, limit: number, note: string): string {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const room = limit - Buffer.byteLength(note) - 100;
  const cut = Buffer.from(markdown).subarray(0, room).toString();
  const whole = cut.slice(0, cut.lastIndexOf('\n') + 1);
  const { text, fence } = withoutFenced(whole);
  const open = (tag: string): number =>
    [...text.matchAll(new RegExp(`<${tag}(?: open)?>`, 'g'))].length - text.split(`</${tag}>`).length + 1;
  return `${whole}${fence === '' ? '' : `${fence}\n`}${'</pre>'.repeat(Math.max(0, open('pre')))}${'\n</details>'.repeat(Math.max(0, open('details')))}${note}`;
}

/** The text without fenced lines, in which a tag is only shown, and the line that would close the block that it leaves open. */
function withoutFenced(markdown: string): { readonly text: string; readonly fence: string } {
  const lines: string[] = [];
  let fence = '';
  for (const line of markdown.split('\n')) {
    const [ticks = ''] = /^`{3,}/.exec(line) ?? [];
    if (fence !== '') fence = line.trimEnd() === fence ? '' : fence;
    else if (ticks !== '') fence = ticks;
    else lines.push(line);
  }
  return { text: lines.join('\n'), fence };
}
