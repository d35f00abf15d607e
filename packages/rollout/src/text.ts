import { excerpt } from '@slipway/core';

export { count } from '@slipway/core';

/** The most characters that a message quotes from a cluster. */
const MAX_SENTENCE_LENGTH = 400;

/** How much more of a text is looked at than is quoted, since white space is left out: a message may have a megabyte. */
const LOOKED_AT = 20;

/** What is on one line already: words of ASCII with a blank between two of them. */
const ONE_LINE = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/;

/** A text from the cluster, on one line of bounded length. The caller escapes markup. */
export function oneLine(text: string, limit = MAX_SENTENCE_LENGTH): string {
  if (text.length <= limit && ONE_LINE.test(text)) return text;
  const start = text.slice(0, limit * LOOKED_AT);
  return excerpt(start.replace(/\s+/g, ' ').trim(), limit);
}
