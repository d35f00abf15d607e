import type { Span } from './node.ts';

/**
 * The part of a file that belongs to one document, including the comments around it: from after the line of its `---` to the next
 * line that ends it. No text of a document can contain such a line, whatever its style.
 */
export function documentRange(source: string, { start }: Span): Span {
  let from = 0;
  for (let line = lineStartBefore(source, start); line > 0; line = lineStartBefore(source, line - 1))
    if (isMarker(source, line)) {
      from = lineEnd(source, line);
      break;
    }
  if (from === 0 && isMarker(source, 0)) from = lineEnd(source, 0);
  let end = start;
  while (end < source.length) {
    const line = lineEnd(source, end);
    if (isMarker(source, line)) return { start: Math.min(from, start), end: line };
    end = line;
  }
  return { start: Math.min(from, start), end: source.length };
}

function lineStartBefore(source: string, offset: number): number {
  return offset <= 0 ? 0 : source.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset at which the next line begins. */
function lineEnd(source: string, offset: number): number {
  const end = source.indexOf('\n', offset);
  return end < 0 ? source.length : end + 1;
}

function isMarker(source: string, line: number): boolean {
  const isOne = source.startsWith('---', line) || source.startsWith('...', line);
  return isOne && (line + 3 >= source.length || /\s/.test(source.charAt(line + 3)));
}
