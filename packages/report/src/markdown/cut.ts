/** GitHub drops a job summary of more than 1 MiB as a whole. */
const MAX_SUMMARY_BYTES = 1024 * 1024;
const CUT_NOTE = '\n\n_The summary was cut here: GitHub shows at most 1 MiB._\n';

/** The longest run of whole lines of a summary that GitHub will show, with the blocks closed that the cut left open. */
export function cutSummary(markdown: string, limit = MAX_SUMMARY_BYTES): string {
  return cutMarkdown(markdown, limit, CUT_NOTE);
}

/**
 * The longest run of whole lines that fits, with the blocks closed that the cut left open.
 * @param limit in bytes, the note included
 * @param note Markdown that says what was cut; it is added only if something was
 */
export function cutMarkdown(markdown: string, limit: number, note: string): string {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const room = limit - Buffer.byteLength(note) - 100;
  const cut = Buffer.from(markdown).subarray(0, room).toString();
  const whole = cut.slice(0, cut.lastIndexOf('\n') + 1);
  const open = (tag: string): number =>
    [...whole.matchAll(new RegExp(`<${tag}(?: open)?>`, 'g'))].length - whole.split(`</${tag}>`).length + 1;
  return `${whole}${openFence(whole)}${'</pre>'.repeat(Math.max(0, open('pre')))}${'\n</details>'.repeat(Math.max(0, open('details')))}${note}`;
}

/** The line that closes a fenced block which the text leaves open; nothing if there is none. */
function openFence(text: string): string {
  let fence = '';
  for (const [, ticks = ''] of text.matchAll(/^(`{3,})/gm))
    if (fence === '') fence = ticks;
    else if (ticks === fence) fence = '';
  return fence === '' ? '' : `${fence}\n`;
}
