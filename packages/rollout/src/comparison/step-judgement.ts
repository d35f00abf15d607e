import type { Both, Counts, Judged, JudgedVerdict } from '@slipway/judging';

/** A moment of a comparison of values; null where a version had none. */
export interface JudgedPoint extends Both<number | null> {
  readonly at: Date;
}

/** What a check has seen of both versions. */
export interface JudgedData {
  readonly counts?: Both<Counts | null> | undefined;
  readonly points?: readonly JudgedPoint[] | undefined;
  /** What follows a number, with its space. */
  readonly unit?: string | undefined;
}

/** What one check says of a step. */
export interface CheckJudgement extends Judged, JudgedData {
  readonly name: string;
  /** `http` for an endpoint of the new version alone. */
  readonly kind: 'counts' | 'values' | 'bounds' | 'http';
}

/** What all checks that compare say of a step; `passed` where there is none. */
export interface StepJudgement {
  readonly verdict: JudgedVerdict;
  readonly checks: readonly CheckJudgement[];
  /** How probable it is at most that one of the comparisons fails although both versions are alike. */
  readonly falseAlarm: number;
}
