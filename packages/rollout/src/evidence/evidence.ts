import { oneLine } from '../text.ts';

/** One thing that was found, as lines of plain text in which no secret of the pod stands. */
export interface Evidence {
  readonly title: string;
  readonly lines: readonly string[];
  /** The one thing in here that tells most, as the end of a sentence: `after it said "no such table"`. */
  readonly lastWords?: string | undefined;
}

/** Of what an application said, in the one sentence on top. */
const LONGEST_QUOTE = 160;

/** Somebody's words in quotes, behind our own. */
export function quoted(words: string, said: string): string {
  return `${words} "${oneLine(said, LONGEST_QUOTE)}"`;
}
