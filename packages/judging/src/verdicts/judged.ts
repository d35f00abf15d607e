import type { Estimate } from '../statistics/proportions.ts';

/** Nothing that is unknown counts as passed or as failed. */
export type JudgedVerdict = 'passed' | 'failed' | 'inconclusive';

/** What a comparison of the two sides says. */
export interface Judged {
  readonly verdict: JudgedVerdict;
  /** One sentence without its full stop: what was seen, and for an inconclusive one what is missing. */
  readonly message: string;
  /** How much greater the figure of `next` is, with its interval of 98 %, where that can be said. */
  readonly difference?: Estimate | undefined;
  /** From where on the difference is too much. */
  readonly margin?: number | undefined;
}

/** What was seen of one side, or why nothing was. */
export type Seen<Found> = { readonly found: Found } | { readonly missing: string };

/** How often an interval with 98 % is above a margin although both sides are alike. */
const ONE_SIDED = 0.01;

/** How probable it is at most that one of so many comparisons, or more, fails although both sides are alike. */
export function falseAlarm(comparisons: number): number {
  return Math.min(1, comparisons * ONE_SIDED);
}

/** What all comparisons of a step say together. */
export function worstOf(verdicts: readonly JudgedVerdict[]): JudgedVerdict {
  if (verdicts.includes('failed')) return 'failed';
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'passed';
}
