/** The width that a table has to fit, in pixels; test/pages.test.itg.ts measures it in a browser, and the testkit says why it is this one. */
const COLUMN = 720;
/** Pixels of an average letter, and of what is around the text of a cell: https://www.npmjs.com/package/github-markdown-css */
const LETTER = 8.5;
const PADDING = 27;

/** Whether a table with these rows of Markdown can be as narrow as a comment, by the longest word of each column. */
export function fitsColumn(rows: readonly (readonly string[])[]): boolean {
  const columns = Math.max(0, ...rows.map(({ length }) => length));
  const letters = Array.from({ length: columns }, (_, index) =>
    rows.reduce((longest, row) => Math.max(longest, longestWord(row[index] ?? '')), 0),
  );
  return letters.reduce((sum, length) => sum + length * LETTER + PADDING, 0) <= COLUMN;
}

/** In letters. A browser starts a new line at a space, after a hyphen and after a slash, and at a tag only if it is one for that. */
function longestWord(markdown: string): number {
  const text = markdown
    .replaceAll(/\]\([^()\s]*\)/g, '')
    .replaceAll('<br>', ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&#\d+;/g, '_');
  return text.split(/\s+|(?<=[-/])(?=\p{L})/u).reduce((longest, { length }) => Math.max(longest, length), 0);
}
