/** What a browser shows of a page, with all of its folds open. Widths are in CSS pixels. */
export interface Measured {
  readonly column: number;
  readonly headings: readonly { readonly level: number; readonly text: string }[];
  readonly tables: readonly MeasuredTable[];
  readonly folds: number;
  /** Elements beyond the right edge of the column that no scroll bar of a code block holds. */
  readonly beyond: readonly string[];
  readonly links: readonly string[];
  /** All text but that of code. */
  readonly prose: string;
  /** All text, with one space for each white space. */
  readonly text: string;
  readonly diagrams: number;
  /** Labels of diagrams that run into each other, or are cut. */
  readonly unreadable: readonly string[];
}

export interface MeasuredTable {
  readonly head: string;
  readonly rows: number;
  /** What it needs, which is more than the column if it has to be scrolled. */
  readonly width: number;
}
