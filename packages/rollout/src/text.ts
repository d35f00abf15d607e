import { excerpt } from '@slipway/core';

export { count } from '@slipway/core';

/** The most characters that a message quotes from a cluster. */
const MAX_SENTENCE_LENGTH = 400;

/** A text from the cluster, on one line of bounded length. The caller escapes markup. */
export function oneLine(text: string, limit = MAX_SENTENCE_LENGTH): string {
  return excerpt(text.replace(/\s+/g, ' ').trim(), limit);
}
