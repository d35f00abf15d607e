/** Longest piece of a cluster's own sentence that a message repeats. */
const MAX_EXCERPT_LENGTH = 400;

/** Controls, and characters that change the direction or hide in a terminal. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g;

/** What the cluster said, as one visible line of bounded length. Markup is for whoever shows it to escape. */
export function excerpt(text: string, limit = MAX_EXCERPT_LENGTH): string {
  const line = text.replace(INVISIBLE, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}

/** `1 replica`, `2 replicas`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
