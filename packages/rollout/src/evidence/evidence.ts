import { oneLine } from '../text.ts';

/** One thing that was found, as lines of plain text without the secrets of the pod. */
export interface Evidence {
  readonly title: string;
  readonly lines: readonly string[];
  /** The most telling part of it, as the end of a sentence: `after logging "no such table"`. */
  readonly lastWords?: string | undefined;
}

/** The most characters that the summary quotes of what an application wrote. */
const LONGEST_QUOTE = 160;

/** Our words, followed by someone else's in quotes. */
export function quoted(words: string, said: string): string {
  return `${words} "${oneLine(said, LONGEST_QUOTE)}"`;
}
