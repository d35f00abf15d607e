import type { Estimate } from '../statistics/proportions.ts';
import { median, shift } from '../statistics/shift.ts';
import { type Bounds, brokenBound } from './bounds.ts';
import type { Both } from './counts.ts';
import { type Figures, figuresFor, interval } from './figures.ts';
import type { Judged, JudgedVerdict } from './judged.ts';

export interface ValueTerms extends Bounds {
  /** How much greater or less the values of `next` may be, as a fraction of stable's median. */
  readonly higherBy?: number | undefined;
  readonly lowerBy?: number | undefined;
  /** A smaller difference than this never fails, whatever part of stable's median it is. */
  readonly minDifference?: number | undefined;
  /** How many moments are needed at which both sides have a value. */
  readonly samples: number;
  /** What follows a number, with its space. */
  readonly unit?: string | undefined;
}

/** The values of both sides at one moment; NaN for one that does not exist. */
export type Pair = Both<number>;

/**
 * Whether the values of `next` are higher or lower than those of `stable`, by more than a margin and by more than chance.
 * @param pairs at moments that do not overlap: each value counts once
 * @param watched all values of `next`, in order, for its bounds
 */
export function judgeValues(pairs: readonly Pair[], terms: ValueTerms, watched: readonly number[]): Judged {
  const compared = comparison(pairs, terms);
  const broken = brokenBound(watched, terms, terms.unit);
  if (broken === undefined || compared.verdict === 'failed') return compared;
  const alike =
    compared.verdict === 'passed' &&
    isBrokenBy(
      pairs.map(({ stable }) => stable),
      terms,
    );
  return {
    ...compared,
    verdict: 'failed',
    message: `${alike ? 'next and stable are alike, but ' : ''}${broken}; ${compared.message}`,
  };
}

function isBrokenBy(values: readonly number[], terms: ValueTerms): boolean {
  return brokenBound([...values.filter(Number.isFinite)], { ...terms, tolerate: 0 }) !== undefined;
}

function comparison(pairs: readonly Pair[], terms: ValueTerms): Judged {
  const complete = pairs.filter(pair => Number.isFinite(pair.stable) && Number.isFinite(pair.next));
  const sides = { stable: sorted(complete, 'stable'), next: sorted(complete, 'next') };
  if (complete.length < terms.samples)
    return { verdict: 'inconclusive', message: `${missingOf(pairs, complete, terms)}${soFar(sides, terms)}` };
  const found = shift(sides.next, sides.stable);
  const [level, other] = [median(sides.next), median(sides.stable)];
  const figures = figuresFor([level, other, found.lower, found.upper], terms.unit);
  const judged = byMargins(found, other, terms);
  return {
    verdict: judged.verdict,
    message: [
      `${figures.plain(level)} instead of ${figures.plain(other)}, ${judged.why(figures)}`,
      interval(found, figures, terms.unit),
    ].join('; '),
    difference: found,
    margin: judged.margin,
  };
}

function sorted(pairs: readonly Pair[], side: keyof Pair): readonly number[] {
  return pairs.map(pair => pair[side]).toSorted((a, b) => a - b);
}

interface ByMargins {
  readonly verdict: JudgedVerdict;
  readonly margin: number;
  readonly why: (figures: Figures) => string;
}

/** Each direction that has a margin is judged; the first that fails is told. */
function byMargins(found: Estimate, level: number, terms: ValueTerms): ByMargins {
  const { higherBy, lowerBy } = terms;
  const directions = [
    ...(higherBy === undefined ? [] : [oneWay(found.lower, 'more', higherBy, level, terms)]),
    ...(lowerBy === undefined ? [] : [oneWay(-found.upper, 'less', lowerBy, level, terms)]),
  ];
  const order: readonly JudgedVerdict[] = ['failed', 'inconclusive', 'passed'];
  const [first] = directions.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  if (first === undefined) throw new Error('a comparison of values without a margin');
  return first;
}

/** @param sure how much more, or less, it is at least */
function oneWay(
  sure: number,
  word: 'more' | 'less',
  part: number,
  level: number,
  { minDifference = 0 }: ValueTerms,
): ByMargins {
  const margin = Math.max(part * Math.abs(level), minDifference);
  const percent = `${Number((100 * part).toPrecision(6))} %`;
  // A part of 0 is 0, so that any difference would be too much.
  if (margin === 0 && sure > 0 && part > 0)
    return {
      verdict: 'inconclusive',
      margin,
      why: () => `and ${percent} of 0 is 0: set \`min-difference\` to say what is too much`,
    };
  const isLeast = minDifference > 0 && margin === minDifference;
  return {
    verdict: sure > margin ? 'failed' : 'passed',
    margin,
    why: ({ plain }) => `where ${isLeast ? plain(margin) : percent} ${word} would be too much`,
  };
}

function missingOf(pairs: readonly Pair[], complete: readonly Pair[], { samples }: ValueTerms): string {
  const lacking = (side: keyof Pair): number => pairs.filter(pair => !Number.isFinite(pair[side])).length;
  const sides = (['next', 'stable'] as const)
    .filter(side => lacking(side) > 0)
    .map(side => `${side} has no value at ${lacking(side)} of ${pairs.length} moments`);
  const few = `both sides have a value at ${complete.length} of the ${samples} moments that a comparison needs`;
  return [few, ...sides].join('; ');
}

function soFar({ stable, next }: Both<readonly number[]>, { unit }: ValueTerms): string {
  if (stable.length === 0) return '';
  const levels = [median(next), median(stable)];
  const { plain } = figuresFor(levels, unit);
  return `; so far ${levels.map(plain).join(' instead of ')}`;
}
