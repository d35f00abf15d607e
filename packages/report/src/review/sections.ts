/** A part of a page in several lengths. */
export interface Section {
  /** From the whole text to the shortest that is still true; what is left out is said in each. */
  readonly variants: readonly string[];
  /** The parts with the smallest number are shortened first. */
  readonly importance: number;
}

/**
 * The page with every part as long as fits.
 * @param limit in bytes
 */
export function fitSections(sections: readonly Section[], limit: number): string {
  const chosen = sections.map(() => 0);
  const page = (): string =>
    sections.map(({ variants }, index) => variants[chosen[index] ?? 0] ?? '').join('');
  for (;;) {
    const text = page();
    if (Buffer.byteLength(text) <= limit) return text;
    const next = shortenNext(sections, chosen);
    if (next === undefined) return text;
    chosen[next] = (chosen[next] ?? 0) + 1;
  }
}

function shortenNext(sections: readonly Section[], chosen: readonly number[]): number | undefined {
  const open = sections
    .map(({ variants, importance }, index) => ({
      importance,
      index,
      left: variants.length - 1 - (chosen[index] ?? 0),
    }))
    .filter(({ left }) => left > 0)
    .sort((a, b) => a.importance - b.importance);
  return open[0]?.index;
}
