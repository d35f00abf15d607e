import { excerpt } from '@slipway/core';

/** Longest sentence of a cluster's that a message repeats. */
const MAX_SENTENCE_LENGTH = 400;

/** What the cluster said, on one line of bounded length. Markup is for whoever shows it to escape. */
export function oneLine(text: string, limit = MAX_SENTENCE_LENGTH): string {
  return excerpt(text.replace(/\s+/g, ' ').trim(), limit);
}

/** `1 replica`, `2 replicas`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
