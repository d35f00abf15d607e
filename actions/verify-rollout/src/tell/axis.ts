/** Lengths of a step of the axis in seconds, all of which people count in. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];
const DAY = 86_400;

/** With more labels than these one would have to look for the one that is meant. */
const MAX_STEPS = 6;

/**
 * How a moment after the beginning is written, by the length of the whole in seconds:
 * https://d3js.org/d3-time-format#locale_format
 */
const FORMATS: readonly (readonly [below: number, format: string])[] = [
  [60, '%-S s'],
  [3600, '%-M:%S'],
  [DAY, '%-H:%M h'],
  [Number.POSITIVE_INFINITY, 'day %-d, %-H h'],
];

/** Time as the diagram counts it: from the first thing that it shows. */
export class Axis {
  readonly #begin: number;
  readonly #span: number;

  constructor(begin: Date, end: Date) {
    this.#begin = begin.getTime();
    this.#span = Math.max(0, end.getTime() - this.#begin);
  }

  /** What Mermaid needs to know: https://mermaid.js.org/syntax/gantt.html#axis-ticks-v10-3-0 */
  lines(): readonly string[] {
    const seconds = this.#span / 1000;
    const [, format = ''] = FORMATS.find(([below]) => seconds < below) ?? [];
    return [
      '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
      `  axisFormat ${format}`,
      `  tickInterval ${tickInterval(seconds)}`,
    ];
  }

  /**
   * A moment as Mermaid reads it. Mermaid shows what it reads in the reader's time zone; counted from a midnight that no zone moved
   * its clocks at, the labels are the time since the beginning in every one of them.
   */
  moment(at: Date): string {
    const since = new Date(Date.UTC(2000, 0, 1) + at.getTime() - this.#begin);
    return since.toISOString().slice(0, -1).replace('T', ' ');
  }
}

function tickInterval(seconds: number): string {
  const step = STEPS.find(length => seconds / length <= MAX_STEPS);
  if (step === undefined) return `${Math.ceil(seconds / DAY / MAX_STEPS)}day`;
  if (step < 60) return `${step}second`;
  return step < 3600 ? `${step / 60}minute` : `${step / 3600}hour`;
}
