import { expandWords } from './shell-words.ts';
import { UnreadableDockerfile } from './unreadable.ts';

/** What announces a here-document: the line that ends it, and whether tabs in front of that line do not count. */
export interface DocumentMark {
  readonly name: string;
  readonly ignoresTabs: boolean;
}

/** The here-documents that a line announces, in their order. @throws UnreadableDockerfile */
export function documentMarksIn(line: string): DocumentMark[] {
  if (!line.includes('<<')) return [];
  return wordsOf(line).flatMap(word => parseDocumentMark(word) ?? []);
}

/** A line with a quote that is not closed announces nothing. */
function wordsOf(line: string): readonly string[] {
  try {
    return expandWords(line, { escapeChar: '\\', keepQuotes: true, keepEscapes: true }).words;
  } catch (error) {
    if (error instanceof UnreadableDockerfile) return [];
    throw error;
  }
}

/**
 * A word such as `<<EOF`, `<<-"EOF"` or `3<<EOF`; undefined if it is another.
 * @throws UnreadableDockerfile if its quotes do not match
 */
export function parseDocumentMark(word: string): DocumentMark | undefined {
  const [, dash, mark = ''] = /^\d*<<(-?)[\t\n\f\r ]*([^<]*)$/.exec(word) ?? [];
  if (mark === '') return undefined;
  const [name, ...further] = expandWords(mark, { escapeChar: '\\' }).words;
  return name === undefined || further.length > 0 ? undefined : { name, ignoresTabs: dash === '-' };
}

/** Whether the argument of COPY or ADD stands for a here-document. */
export function isDocument(word: string): boolean {
  try {
    return parseDocumentMark(word) !== undefined;
  } catch (error) {
    if (error instanceof UnreadableDockerfile) return false;
    throw error;
  }
}
