import { excerpt } from '@slipway/core';
import { diffLines } from 'diff/lib/diff/line.js';

/** The most of a line that is shown: the part around the difference. */
const MAX_LINE_LENGTH = 80;
/** How much of it comes before the difference. */
const LEAD = 20;
/** Lines of one text; the plan itself has all of it. */
const MAX_LINES = 20;
/** Texts that differ in more lines are not compared further, since that takes the square of their number. */
const MAX_EDITS = 1000;

/** The lines in which two texts differ, marked with `-` and `+`, and without control characters. */
export function differingLines(before: string, after: string): string[] {
  const parts = diffLines(before, after, { maxEditLength: MAX_EDITS });
  if (parts === undefined) return ['most of the text differs'];
  const lines = parts.flatMap((part, index) => {
    const other = part.removed ? parts[index + 1] : parts[index - 1];
    const isPaired = part.removed ? other?.added === true : other?.removed === true;
    const others = isPaired ? linesOf(other?.value ?? '') : [];
    const mark = part.added ? '+' : '-';
    return part.added || part.removed
      ? linesOf(part.value).map((line, number) => `${mark} ${shortened(line, others[number] ?? '')}`)
      : [];
  });
  return lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), `and ${lines.length - MAX_LINES} more lines`]
    : lines;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** The line, from a little before its first difference from the other one if it is too long to be shown. */
function shortened(line: string, other: string): string {
  if (line.length <= MAX_LINE_LENGTH) return excerpt(line, MAX_LINE_LENGTH);
  let same = 0;
  while (same < line.length && line[same] === other[same]) same++;
  const start = Math.max(0, same - LEAD);
  return `${start === 0 ? '' : '…'}${excerpt(line.slice(start), MAX_LINE_LENGTH)}`;
}
