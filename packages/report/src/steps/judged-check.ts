/** A moment of a comparison; null where a version had no value. */
export interface ShownPoint {
  readonly at: Date;
  readonly stable: number | null;
  readonly next: number | null;
}

/** What one check says of a step, as it is shown. */
export interface ShownCheck {
  readonly name: string;
  readonly verdict: 'passed' | 'failed' | 'inconclusive';
  readonly message: string;
  readonly points?: readonly ShownPoint[] | undefined;
  /** What follows a number, with its space. */
  readonly unit?: string | undefined;
  /** How much more, or less, would be too much. */
  readonly margin?: number | undefined;
}

/** A step of a release, as it is shown. */
export interface ShownStep {
  /** Counted from 0. */
  readonly at: number;
  /** Percent of the new connections. */
  readonly weight: number;
  readonly verdict: ShownCheck['verdict'];
  readonly checks: readonly ShownCheck[];
  /** How probable it is at most that one of its comparisons fails although both versions are alike. */
  readonly falseAlarm: number;
}

/** A moment at which both versions have a value. */
export interface Pair {
  readonly stable: number;
  readonly next: number;
}

export function completePairs({ points = [] }: Pick<ShownCheck, 'points'>): readonly Pair[] {
  return points.flatMap(({ stable, next }) => (stable === null || next === null ? [] : [{ stable, next }]));
}
