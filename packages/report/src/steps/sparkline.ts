const BARS = [...'▁▂▃▄▅▆▇█'];
/** More than these would make a table wider than GitHub's column. */
const MOST_BARS = 12;

/** Values as a line of bars between two bounds; neighbours share a bar where there are too many. Empty for none. */
export function sparkline(values: readonly number[], least: number, most: number): string {
  return averages(values, MOST_BARS)
    .map(value => {
      const part = most === least ? 0 : (value - least) / (most - least);
      return BARS[Math.min(BARS.length - 1, Math.max(0, Math.floor(part * BARS.length)))];
    })
    .join('');
}

/** As many values, or the averages of neighbours where there are more. */
export function averages(values: readonly number[], most: number): readonly number[] {
  if (values.length <= most) return values;
  return Array.from({ length: most }, (_, index) => {
    const group = values.slice(
      Math.floor((index * values.length) / most),
      Math.floor(((index + 1) * values.length) / most),
    );
    return group.reduce((sum, value) => sum + value, 0) / group.length;
  });
}
