/** `1 object`, `2 objects`: a number with what it counts, for a noun whose plural ends in s. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
