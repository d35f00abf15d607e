/** The first line in which two texts differ, counted from 1; undefined if they are alike, whatever their line breaks. */
export function firstDifference(before: string, after: string): number | undefined {
  const [old, now] = [linesOf(before), linesOf(after)];
  const longest = Math.max(old.length, now.length);
  const index = Array.from({ length: longest }).findIndex((_, at) => old[at] !== now[at]);
  return index < 0 ? undefined : index + 1;
}

function linesOf(text: string): string[] {
  return text.replaceAll('\r\n', '\n').split('\n');
}
